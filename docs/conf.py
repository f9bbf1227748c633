"""How `make docs` builds the site. The source is the whole repository, so that notebooks, data and pages link to one
another by the same relative paths here and wherever the repository is browsed; nothing is copied."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "media-analysis"
author = "The media-analysis developers"
root_doc = "docs/index"
include_patterns = [
    *("docs/**.md", "notebooks/*.ipynb"),
    *("data/README.md", "data/sample/README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
]
exclude_patterns = ["**/.*", ".venv*", "build", "reports", "figures", "src", "tests", "docs/_*"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "from_the_code", "mathml"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are kept with their outputs, which a test holds to the code
nb_ipywidgets_js = {}  # would be fetched from elsewhere
suppress_warnings = ["ref.python"]  # two classes of one name in a signature: the link may go to either

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
add_module_names = False
viewcode_line_numbers = True

html_theme = "furo"
html_title = "media-analysis"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["_root"]  # index.html, which leads to docs/index.html
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f5a8a", "color-brand-content": "#1f5a8a"},
    "dark_css_variables": {"color-brand-primary": "#8ec1ea", "color-brand-content": "#8ec1ea"},
}

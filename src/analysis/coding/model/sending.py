"""Requests sent to an address that speaks the protocol of OpenAI's chat completions, several at a time.

Such addresses are given by many providers and, on one's own machine, by Ollama, llama.cpp's server, vLLM and LM Studio.
The client is the `openai` package, an optional extra; it waits and tries again where the address is busy (429), fails
(5xx) or does not answer in time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from analysis.coding.model.answers import AnswerError, read_answer
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.prompt import Request, build_requests
from analysis.study import StudyError

KEY = "MEDIA_ANALYSIS_API_KEY"  # environment variable; a key is never written anywhere
ASK_AGAIN = 2  # times, where an answer cannot be used


@dataclass(frozen=True)
class Address:
    """Where a model is asked, and how patiently. `timeout` in seconds."""

    url: str
    model: str
    timeout: float = 120.0
    retries: int = 5
    at_once: int = 4


@dataclass
class Outcome:
    """What a run did: requests answered, units without a usable answer with the reason, tokens used."""

    answered: int = 0
    tokens: int = 0
    unusable: dict[str, str] = field(default_factory=dict)


def run(
    requests: Iterable[Request],
    address: Address,
    ledger: Ledger,
    on_answer: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Send the requests, keep each answer as it comes, ask again for units whose part cannot be used.

    `on_answer(answered, tokens)` is called after each. Raises StudyError where the address cannot be reached, refuses
    the key or lacks the model; what was answered until then is kept.
    """
    client = _client(address)
    outcome = Outcome()
    left = iter(requests)
    with ThreadPoolExecutor(address.at_once) as pool:
        waiting: dict[Future[_Said], tuple[Request, int]] = {}
        try:
            while True:
                for request in islice(left, max(0, 2 * address.at_once - len(waiting))):
                    waiting[pool.submit(_ask, client, request)] = (request, ASK_AGAIN)
                if not waiting:
                    return outcome
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    request, again = waiting.pop(future)
                    said = future.result()
                    outcome.answered += not said.refusal
                    outcome.tokens += said.tokens
                    for rest, times in _take(request, again, said, address.model, ledger, outcome):
                        waiting[pool.submit(_ask, client, rest)] = (rest, times)
                    if on_answer:
                        on_answer(outcome.answered, outcome.tokens)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Said(NamedTuple):
    """What came back: an answer and the tokens that it took with its question, or why the address refused the request.

    `cut`: the answer ends where the model's window does.
    """

    content: str = ""
    tokens: int = 0
    cut: bool = False
    refusal: str = ""


def _take(
    request: Request, again: int, said: _Said, model: str, ledger: Ledger, outcome: Outcome
) -> list[tuple[Request, int]]:
    """Keep what can be used of an answer; what is to be asked still comes back, each with how often it may be again.

    What was refused, as too long for the model's window, or was cut short there is asked by halves down to single units.
    Raises StudyError where one unit is refused before anything was answered.
    """
    if said.refusal:
        if len(request.units) == 1 and not outcome.answered:
            raise StudyError([said.refusal])
        faults = {unit.unit_id: said.refusal for unit in request.units}
    else:
        faults = _keep(request, said, model, ledger)
    short = said.cut or bool(said.refusal)
    if not faults:
        return []
    if short and len(request.units) > 1:
        ids = list(faults)
        halves = (ids[: (len(ids) + 1) // 2], ids[(len(ids) + 1) // 2 :])
        return [(_for(request, set(half), seed=0), again) for half in halves if half]
    if said.refusal or not again:
        outcome.unusable |= faults
        return []
    return [(_for(request, set(faults), seed=1), again - 1)]


def _keep(request: Request, said: _Said, model: str, ledger: Ledger) -> dict[str, str]:
    """Keep what can be used of an answer; what is wrong with the units for which nothing can comes back."""
    try:
        answer = read_answer(request, said.content)
    except AnswerError as error:
        return {unit.unit_id: str(error) for unit in request.units}
    if answer.given:
        ledger.keep(request, answer, model, said.tokens)
    return dict(answer.faults)


def _for(request: Request, units: set[str], *, seed: int) -> Request:
    """The request for some of its units alone; with another `seed`, lest the same answer come back."""
    own = [unit for unit in request.units if unit.unit_id in units]
    questions = request.questions[:: -1 if request.order else 1]
    [again] = build_requests(
        own,
        questions,
        request.body["model"],
        order=request.order,
        size=len(own),
        seed=int(request.body["seed"]) + seed,
    )
    return again


def _client(address: Address) -> Any:
    try:
        from openai import OpenAI
    except ImportError:
        raise StudyError(
            [
                "a model as coder needs the package `openai`; install it with: pip install media-analysis[model]"
            ]
        ) from None
    return OpenAI(
        base_url=address.url,
        api_key=os.environ.get(KEY) or "none",  # local servers ask for none
        timeout=address.timeout,
        max_retries=address.retries,
    )


def _ask(client: Any, request: Request) -> _Said:
    """Send one request. Raises StudyError where the address cannot answer this or any other."""
    import openai

    where = f"{client.base_url}"
    try:
        found = client.chat.completions.create(**request.body)
    except openai.AuthenticationError:
        raise StudyError(
            [f"{where}: refuses the key; put the right one into the environment variable {KEY}"]
        ) from None
    except openai.PermissionDeniedError as error:
        raise StudyError(
            [
                f"{where}: the key may not use the model '{request.body['model']}' there ({_words_of(error)}); give the key "
                f"the right to it, or put another one into the environment variable {KEY}"
            ]
        ) from None
    except openai.NotFoundError:
        raise StudyError(
            [
                f"{where}: does not know the model '{request.body['model']}', or is no such address{_models(client)}"
            ]
        ) from None
    except openai.BadRequestError as error:
        return _Said(
            refusal=f"{where}: refuses the request: {_words_of(error)}; "
            "if it is too long for the model's window, start the server with a larger one"
        )
    except openai.APITimeoutError:
        raise StudyError(
            [f"{where}: did not answer in time; run the command again, it goes on where it stopped"]
        ) from None
    except openai.APIConnectionError:
        raise StudyError(
            [f"{where}: cannot be reached; is the server running, is the address right?"]
        ) from None
    except openai.APIStatusError as error:
        raise StudyError(
            [
                f"{where}: answered {error.status_code}; run the command again later, it goes on where it stopped"
            ]
        ) from None
    except ValueError:  # half an answer, which is no JSON
        return _Said()
    choice = (found.choices or [None])[0] if hasattr(found, "choices") else None
    used = getattr(getattr(found, "usage", None), "total_tokens", 0)
    if choice is None:
        return _Said(tokens=int(used or 0))
    return _Said(choice.message.content or "", int(used or 0), cut=choice.finish_reason == "length")


def _words_of(error: Any) -> str:
    """What the address says of an error, in its own words."""
    said = error.body.get("message") if isinstance(error.body, dict) else None
    return " ".join(str(said or error).split())[:200]


def _models(client: Any) -> str:
    with suppress(Exception):  # a hint only
        names = [model.id for model in islice(client.models.list(), 8)]
        return f"; it has: {', '.join(names)}" if names else ""
    return ""


def pending(requests: Iterable[Request]) -> Iterator[tuple[Request, int]]:
    """Each request with an estimate of the tokens it takes: a token for four characters, as is usual in English."""
    for request in requests:
        sent = sum(len(message["content"]) for message in request.body["messages"])
        yield request, sent // 4 + 60 * len(request.units)

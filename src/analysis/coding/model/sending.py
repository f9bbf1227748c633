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
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from analysis.coding.model.answers import AnswerError, read_answer
from analysis.coding.model.ledger import Ledger
from analysis.coding.model.prompt import Request
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
        waiting: dict[Future[tuple[str, int]], tuple[Request, int]] = {}
        try:
            while True:
                for request in islice(left, 2 * address.at_once - len(waiting)):
                    waiting[pool.submit(_ask, client, request)] = (request, ASK_AGAIN)
                if not waiting:
                    return outcome
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    request, again = waiting.pop(future)
                    content, tokens = future.result()
                    outcome.answered += 1
                    outcome.tokens += tokens
                    rest = _take(request, content, tokens, address.model, ledger, outcome, last=not again)
                    if rest is not None:
                        waiting[pool.submit(_ask, client, rest)] = (rest, again - 1)
                    if on_answer:
                        on_answer(outcome.answered, outcome.tokens)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _take(
    request: Request, content: str, tokens: int, model: str, ledger: Ledger, outcome: Outcome, *, last: bool
) -> Request | None:
    """Keep what can be used of an answer; a request for the rest comes back, None where there is none or no more try."""
    try:
        answer = read_answer(request, content)
    except AnswerError as error:
        faults = {unit.unit_id: str(error) for unit in request.units}
    else:
        faults = dict(answer.faults)
        if answer.given:
            ledger.keep(request, answer, model, tokens)
    if not faults:
        return None
    if last:
        outcome.unusable |= faults
        return None
    return _for(request, set(faults))


def _for(request: Request, units: set[str]) -> Request:
    """The request for some of its units alone, with another seed, lest the same answer come back."""
    from analysis.coding.model.prompt import build_requests

    own = [unit for unit in request.units if unit.unit_id in units]
    seed = int(request.body["seed"]) + 1
    questions = request.questions[:: -1 if request.order else 1]
    [again] = build_requests(
        own, questions, request.body["model"], order=request.order, size=len(own), seed=seed
    )
    return replace(again)


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


def _ask(client: Any, request: Request) -> tuple[str, int]:
    """The content of an answer, and the tokens that question and answer took."""
    import openai

    where = f"{client.base_url}"
    try:
        found = client.chat.completions.create(**request.body)
    except openai.AuthenticationError:
        raise StudyError(
            [f"{where}: refuses the key; put the right one into the environment variable {KEY}"]
        ) from None
    except openai.NotFoundError:
        raise StudyError(
            [
                f"{where}: does not know the model '{request.body['model']}', or is no such address{_models(client)}"
            ]
        ) from None
    except openai.BadRequestError as error:
        said = error.body.get("message") if isinstance(error.body, dict) else None
        raise StudyError(
            [
                f"{where}: refuses the request: {' '.join(str(said or error).split())[:200]}; "
                "if it is too long for the model's window, start the server with a larger one"
            ]
        ) from None
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
        return "", 0
    choice = (found.choices or [None])[0] if hasattr(found, "choices") else None
    used = getattr(found, "usage", None)
    return (choice.message.content or "" if choice else ""), int(getattr(used, "total_tokens", 0) or 0)


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

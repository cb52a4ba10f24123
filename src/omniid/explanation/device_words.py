"""Whose an anonymous record is, and why: the words for what the devices said."""

from omniid.answers import key_text
from omniid.device_plans import device_kinds
from omniid.devices import OUTCOMES, device_values, policy_from_plain
from omniid.results import Parts

__all__ = ["share_device", "why_placed"]


def share_device(parts: Parts, one: int, other: int) -> bool:
    """Whether two records name the same device."""
    devices = device_values(parts.evidence, device_kinds(parts.spec))
    of = [set(devices.codes[devices.rows == row].tolist()) for row in (one, other)]
    return bool(of[0] & of[1])


def why_placed(parts: Parts, row: int) -> str:
    """Say whose an anonymous record is, and why; "" for a record that names somebody."""
    placement = parts.placement
    outcome = OUTCOMES[int(placement.outcome[row])]
    if outcome == "person":
        return ""
    name = f"{key_text(parts.records.key(row))} names nobody"
    if outcome == "nobody":
        return f"{name}, and nobody who is known used its devices."
    used = f"{placement.people[row]:,} people used {_device(parts, row)}"
    policy = policy_from_plain(parts.spec.devices)
    return {
        "only person": f"{name}; only this person used {_device(parts, row)}.",
        "policy": f"{name}, and {used}; by the policy {policy} it goes with {_authentication(parts, row)}.",
        "several": f"{name}, and {used}; the policy {policy} gives it to none of them.",
        "no time": f"{name}, and {used}; the policy {policy} asks when, and the record has no time.",
        "no authentication": f"{name}, and {used}; the policy {policy} finds no record of theirs at the right time.",
        "divided": f"{name}, and {used}; records that are one with it would go to different people.",
        "refused": f"{name}, and {_barrier(parts, row)} forbids to give it to the person who used {_device(parts, row)}.",
    }[outcome]


def _device(parts: Parts, row: int) -> str:
    """The device value that decided, with its kind."""
    devices, code = device_values(parts.evidence, device_kinds(parts.spec)), int(parts.placement.device[row])
    return f"{devices.kind_of(code)} {devices.names[code].as_py()}" if code >= 0 else "its devices"


def _authentication(parts: Parts, row: int) -> str:
    by = int(parts.placement.authentication[row])
    return key_text(parts.records.key(by)) if by >= 0 else "one of them"


def _barrier(parts: Parts, row: int) -> str:
    number, limits = int(parts.placement.barrier[row]), parts.plan.limits
    return limits[number].name if 0 <= number < len(limits) else "a decision"

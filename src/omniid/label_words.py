"""What a model learned from labels, in words."""

from omniid.tables import Model

__all__ = ["what_labels_changed"]


def what_labels_changed(model: Model) -> str:
    """Say what judged pairs changed, in one line; "" for a model that learned from none.

    Expected F1 is by the odds after learning, of the links as they were before and as they are now.

    Examples
    --------
    >>> told = {"same": 200.0, "different": 100.0, "bits": 41.0, "spread": 2.0, "link_at_before": 0.0}
    >>> what_labels_changed(Model((), prior=0.1, link_at=-0.1, judged=told | {"f1_before": 0.91, "f1_after": 0.93}))
    '300 judged pairs (200 the same person): expected F1 0.910 → 0.930, link at +0.0 → -0.1 bits'
    """
    told = model.judged
    if not told:
        return ""
    same, different = int(told.get("same", 0)), int(told.get("different", 0))
    text = f"{same + different:,} judged pairs ({same:,} the same person)"
    if told.get("spread"):
        text += f": expected F1 {told['f1_before']:.3f} → {told['f1_after']:.3f}"
        text += f", link at {told['link_at_before']:+.1f} → {model.link_at:+.1f} bits"
    elif same + different:
        text += f": as the model foresaw, or too few to move it; expected F1 {told['f1_after']:.3f}"
    if unmade := int(told.get("unmade", 0)):
        text += f"; {unmade:,} more that no blocking rule makes are not used"
    if absent := int(told.get("absent", 0)):
        text += f"; {absent:,} records of known persons are not in the data"
    return text

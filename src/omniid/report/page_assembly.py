"""The page: templates filled in with escaped text, scripts and data inlined, and a policy that forbids any network."""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Any

from omniid.report.libraries import load_jinja, page_scripts
from omniid.report.numbers import decimal

__all__ = ["assemble", "embedded_json", "embedded_script"]


def assemble(content: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Fill in the page.

    Parameters
    ----------
    content
        What the template names; all text is escaped.
    data
        What the scripts read: specs of charts, and pairs.

    Raises
    ------
    MissingExtraError
        If a library of the extra is not installed.
    """
    jinja = load_jinja()
    folder = files("omniid.report") / "page"
    read = {name: (folder / name).read_text(encoding="utf-8") for name in ("page.html", "macros.html", "style.css")}
    scripts = {
        "theme_script": embedded_script((folder / "theme.js").read_text(encoding="utf-8")),
        "library": embedded_script(page_scripts()),
        "page_script": embedded_script((folder / "page.js").read_text(encoding="utf-8")),
    }
    room = jinja.Environment(
        loader=jinja.DictLoader(read), autoescape=True, undefined=jinja.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    safe = {name: jinja.utils.markupsafe.Markup(text) for name, text in scripts.items()}
    return str(
        room.get_template("page.html").render(
            **content,
            **safe,
            decimal=decimal,
            style=jinja.utils.markupsafe.Markup(read["style.css"]),
            data=jinja.utils.markupsafe.Markup(embedded_json(data)),
            policy=_policy(list(scripts.values())),
        )
    )


def _policy(scripts: list[str]) -> str:
    """Scripts by their hashes, inline styles, and nothing that a network would be needed for."""
    hashes = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def embedded_json(data: Any) -> str:
    r"""Write data as JSON that can't end the element it stands in.

    Examples
    --------
    >>> embedded_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def embedded_script(text: str) -> str:
    r"""Write a script so that it can't end the element it stands in, with the line ends that a browser reads.

    Examples
    --------
    >>> embedded_script('x = "</script>"')
    'x = "<\\/script>"'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")

"""The documentation as one page of HTML that needs nothing else: no script, no other address."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup, escape

from saas_bot.core.i18n import translator
from saas_bot.screens.screen import plain
from saas_bot.web.api import openapi
from saas_bot.web.api.problems import outline
from saas_bot.web.api.reading import FIELD_CODES
from saas_bot.web.api.refusals import refusals
from saas_bot.web.api.routes import Route

STYLE: Final = Markup("""
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--key:#2b6cb0}
@media(prefers-color-scheme:dark){:root{--key:#7db4ee}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;grid-template-columns:16rem 1fr}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1rem}
nav ul{list-style:none;margin:0 0 1rem;padding:0}
nav a{display:block;font-size:.9rem;padding:.1rem 0}
main{max-width:52rem;padding:1rem 2rem 6rem;min-width:0}
a{color:var(--key);text-decoration:none}a:hover{text-decoration:underline}
code,pre{font:.875em/1.5 ui-monospace,monospace}
code{overflow-wrap:anywhere}
pre{background:var(--soft);padding:.75rem;overflow:auto;border-radius:6px}
section{border-top:1px solid var(--line);margin-top:2rem}
b.m{display:inline-block;min-width:4.2rem;color:var(--key);font:700 .875em ui-monospace,monospace}
table{border-collapse:collapse;width:100%;font-size:.92rem}
td{vertical-align:top;padding:.35rem .6rem .35rem 0;border-top:1px solid var(--line)}
@media(max-width:50rem){body{display:block}nav{position:static;height:auto}main{padding:1rem}}
""")

_DIGEST: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of these pages."""

_PAGE: Final = Markup(
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title><style>{style}</style>{body}</html>"
)

_SAMPLE: Final[Mapping[str, Any]] = {
    "integer": 1,
    "string": "text",
    "boolean": True,
    "array": [],
    "object": {},
    "null": None,
}


def welcome() -> str:
    """What stands at `/`."""
    body = Markup(
        "<main><h1>Hello!</h1><p>This is the API of SaaS Bot. People find the bot in Telegram;"
        ' programs read <a href="/api/docs">how to use the API</a>, or its'
        ' <a href="/api/openapi.json">OpenAPI document</a>.</p></main>'
    )
    return _page("SaaS Bot", body)


def page(routes: Sequence[Route]) -> str:
    """The documentation of these routes."""
    made = openapi.document(routes)
    schemas = made["components"]["schemas"]
    sections = Markup("").join(
        _section(route, made["paths"][openapi.PREFIX + route.path][route.method.lower()], schemas)
        for route in routes
    )
    body = Markup(
        "<nav><a href='/api/openapi.json'>openapi.json</a>{nav}<a href='#problems'>Problems</a>"
        "</nav><main><h1>SaaS Bot API</h1><p>{about}</p>{sections}{problems}</main>"
    ).format(
        nav=_navigation(routes),
        about=_coded(made["info"]["description"]),
        sections=sections,
        problems=_problems(routes),
    )
    return _page("SaaS Bot API", body)


def _page(title: str, body: Markup) -> str:
    return _PAGE.format(title=title, style=STYLE, body=body)


def _navigation(routes: Sequence[Route]) -> Markup:
    parts = []
    for tag in dict.fromkeys(route.tag for route in routes):
        items = Markup("").join(
            Markup("<li><a href='#{name}'>{summary}</a></li>").format(
                name=route.name, summary=route.summary
            )
            for route in routes
            if route.tag == tag
        )
        parts.append(Markup("<h4>{}</h4><ul>{}</ul>").format(openapi.GROUPS[tag], items))
    return Markup("").join(parts)


def _section(route: Route, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Markup:
    parts = [
        Markup("<section id='{0}'><h2>{1}</h2><p><b class=m>{2}</b><code>{3}</code></p>").format(
            route.name, route.summary, route.method, openapi.PREFIX + route.path
        ),
        *(Markup("<p>{}</p>").format(_coded(part)) for part in _paragraphs(operation)),
    ]
    if operation["parameters"]:
        rows = Markup("").join(_parameter(one, schemas) for one in operation["parameters"])
        parts.append(Markup("<h4>Parameters</h4><table>{}</table>").format(rows))
    body = route.models.get("body")
    if body is not None:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        parts.append(Markup("<h4>Body</h4>{}").format(_example(schema, schemas)))
    parts.append(Markup("<h4>Answer {}</h4>").format(route.status))
    answer = operation["responses"][str(route.status)].get("content", {})
    for media_type, one in answer.items():
        shown = _example(one["schema"], schemas) if one["schema"] else _coded(f"`{media_type}`")
        parts.append(shown)
    parts.append(_refused(route))
    return Markup("").join([*parts, Markup("</section>")])


def _paragraphs(operation: Mapping[str, Any]) -> list[str]:
    return [part for part in operation["description"].split("\n\n") if part]


def _parameter(one: Mapping[str, Any], schemas: Mapping[str, Any]) -> Markup:
    needed = "" if one["required"] else "optional"
    return Markup("<tr><td><code>{}</code></td><td>{} {}</td><td>{} {}</td></tr>").format(
        one["name"],
        one["in"],
        needed,
        _coded(one.get("description", "")),
        _coded(_kind(one["schema"], schemas)),
    )


def _kind(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """What a parameter may be, in few words."""
    schema = _resolved(schema, schemas)
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_kind(one, schemas) for one in schema["anyOf"])
    return f"`{schema.get('type', '')}`"


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = schemas[schema["$ref"].rpartition("/")[2]]
    return found


def _example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Markup:
    shown = json.dumps(_sample(schema, schemas), ensure_ascii=False, indent=2)
    return Markup("<pre>{}</pre>").format(shown)


def _sample(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """Something that fits a schema, as an example."""
    schema = _resolved(schema, schemas)
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return _sample(schema["anyOf"][0], schemas)
    if "properties" in schema:
        return {name: _sample(one, schemas) for name, one in schema["properties"].items()}
    if "items" in schema:
        return [_sample(schema["items"], schemas)]
    if schema.get("format") == "date-time":
        return "2026-12-31T15:00:00Z"
    return _SAMPLE.get(schema.get("type", ""))


def _refused(route: Route) -> Markup:
    rows = Markup("").join(
        Markup("<tr><td>{}</td><td>{}</td></tr>").format(
            status, Markup(", ").join(_link(code) for code in codes)
        )
        for status, codes in refusals(route).items()
    )
    return Markup("<details><summary>Problems</summary><table>{}</table></details>").format(rows)


def _link(code: str) -> Markup:
    return Markup("<a href='#{0}'><code>{0}</code></a>").format(code)


def _problems(routes: Sequence[Route]) -> Markup:
    """Each code that there is, with its text, to which the `type` of a problem leads."""
    t = translator("en")
    codes = sorted({code for route in routes for some in refusals(route).values() for code in some})
    rows = Markup("").join(
        Markup("<tr id='{0}'><td><code>{0}</code></td><td>{1}</td></tr>").format(
            code, outline(t, code)
        )
        for code in codes
    )
    of_fields = Markup("").join(
        Markup("<tr><td><code>{}</code></td><td>{}</td></tr>").format(
            code, plain(t.outline(f"api-field-{code}"))
        )
        for code in FIELD_CODES
    )
    return Markup(
        "<section id='problems'><h2>Problems</h2><table>{}</table>"
        "<h3>Codes within errors</h3><p>A part that a rule refuses has the code of the problem."
        "</p><table>{}</table></section>"
    ).format(rows, of_fields)


def _coded(text: str) -> Markup:
    """A text in which what stands between backticks is code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )

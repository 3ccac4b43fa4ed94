"""Our own lists of what must never run or lead anywhere: markup and scripts, names of files. ``window.__hit`` is what a payload would set."""

from __future__ import annotations

HIT = "window.__hit=1"

#: for HTML, attributes, URLs, scripts, templates, SVG, htmx, Tabulator and ECharts
XSS = (
    f"<script>{HIT}</script>",
    f"</script><script>{HIT}</script>",
    f"<img src=x onerror={HIT}>",
    f"<img src=x onerror='{HIT}'//",
    f'"><img src=x onerror="{HIT}">',
    f"'><img src=x onerror='{HIT}'>",
    f"<svg onload={HIT}>",
    f"<svg/onload={HIT}//",
    f"<svg><script>{HIT}</script></svg>",
    f"<svg><animate onbegin={HIT} attributeName=x dur=1s>",
    f"<body onload={HIT}>",
    "<iframe srcdoc='<script>parent.__hit=1</script>'>",
    "<iframe src=javascript:parent.__hit=1>",
    f"<object data=javascript:{HIT}>",
    f"<details open ontoggle={HIT}>x</details>",
    f"<input autofocus onfocus={HIT}>",
    f'" autofocus onfocus="{HIT}',
    f"' autofocus onfocus='{HIT}",
    f'" onmouseover="{HIT}" x="',
    f"<video><source onerror={HIT}></video>",
    f"<marquee onstart={HIT}>x</marquee>",
    f"<style>@import 'data:text/css,x';</style><style onload={HIT}></style>",
    f"<link rel=stylesheet href=data:, onload={HIT}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{HIT}'>",
    "<base href=//evil.example/><a href=x>点</a>",
    f"<form action=javascript:{HIT}><button autofocus>点</button></form>",
    f"javascript:{HIT}",
    f"<a href=javascript:{HIT} id=x>点</a>",
    f"</textarea><script>{HIT}</script>",
    f"</title><script>{HIT}</script>",
    f"</option></select><img src=x onerror={HIT}>",
    f"--><script>{HIT}</script><!--",
    f"]]><script>{HIT}</script>",
    f"<div hx-get=/ hx-trigger=load hx-on::after-request={HIT}></div>",
    f"<div hx-on:htmx:load={HIT} data-hx-on--load={HIT}></div>",
    f"{{{{7*191}}}}{{{{constructor.constructor('{HIT}')()}}}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}7*191{% endfor %}",
    f"${{{HIT}}}`${{{HIT}}}`",
    f"';{HIT}//",
    f"\\u003cimg src=x onerror={HIT}\\u003e",
    f"&lt;img src=x onerror={HIT}&gt;",
    f"&#60;script&#62;{HIT}&#60;/script&#62;",
    f"＜script＞{HIT}＜/script＞<scr\u200bipt>",
    f"<<script>{HIT}//<</script>",
    f"<math><mtext><mglyph><style><!--</style><img src onerror={HIT}>",
    f"<x onclick={HIT} tabindex=1 id=x>点",
    f"\u202e<img src=x onerror={HIT}>",
)

#: names and addresses that would leave a folder; ``{secret}`` is the path of a file that nobody may read
PATHS = (
    "../{secret}", "../../{secret}", "../../../../../../../..{secret}", "..\\..\\..\\{secret}", "....//....//{secret}", "..../\\..../\\{secret}",
    "{secret}", "/{secret}", "//{secret}", "file://{secret}", "%2e%2e%2f%2e%2e%2f{secret}", "..%2f..%2f..%2f{secret}", "..%252f..%252f{secret}",
    "..%c0%af..%c0%af{secret}", "%2e%2e/%2e%2e/%2e%2e/{secret}", "..;/..;/{secret}", "./../../{secret}", "a/../../../{secret}", "..\u2215..\u2215{secret}",
    "．．／．．／{secret}", "../reportminer.sqlite", "../../reportminer.sqlite", "../limits.json", "../lexicon/units.tsv", "../parts/manifest.jsonl",
    "../2/uploads/别人.txt", "../../2/uploads/别人.txt", "..", ".", "~/.ssh/id_rsa", "C:\\Windows\\win.ini", "\\\\server\\share\\x", "CON", "x\x00../{secret}",
    "{secret}\x00.txt", ".manifest.new", "uploads/../../2/uploads/别人.txt",
)  # fmt: skip

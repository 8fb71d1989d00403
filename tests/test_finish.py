"""A finished PDF passes PDF/UA-1 whatever is on the page, and each of its fields can be found, named and reached."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from page import validate_pdf_bytes
from pikepdf import Name
from sheet import FOOT, PLACES, card_of, control, form, sheet

from mentorkit.edition import Kind, Place
from mentorkit.render.card import FIELD, Card, edition_id
from mentorkit.render.finish import finish
from mentorkit.render.pdf import Laid, lay_out

SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='20'%3E%3Crect width='40' height='20'/%3E%3C/svg%3E"
LONG = "<p>" + "Many words make a page. " * 30 + "</p>"
ROWS = "".join(f"<tr><th>row {n}</th><td>cell</td><td>cell</td></tr>" for n in range(90))

# What a book is made of. Those marked so fail without the repair; see test_the_repair_is_needed.
BODIES = {
    "text": "<p>Words <b>strong</b> <i>soft</i> <code>code</code> and a<br>break.</p>",
    "tight list": "<ul><li>one</li><li>two</li></ul>",
    "loose list *": "<ul><li><p>one</p><p>more</p></li><li><p>two</p></li></ul>",
    "mixed list *": "<ul><li>one<p>more</p></li><li><p>two</p><ul><li>inner</li></ul></li></ul>",
    "nested list": "<ol><li>one<ul><li>inner<ol><li>innermost</li></ol></li></ul></li><li>two</li></ol>",
    "loose nested list *": "<ol><li><p>one</p><ul><li><p>inner</p></li></ul><p>after</p></li></ol>",
    "list with labels inside *": "<ul class=in><li>one</li><li><p>two</p></li></ul><style>.in{list-style:inside}</style>",
    "list without labels": "<ul class=no><li>one</li><li><p>two</p></li></ul><style>.no{list-style:none}</style>",
    "flexible list": "<ul class=fx><li>one</li><li>two</li></ul><style>.fx li{display:flex}</style>",
    "list with quote and table *": "<ul><li><blockquote><p>q</p></blockquote></li><li><table><tr><td>1</table></li></ul>",
    "definitions": "<dl><dt>word</dt><dd>meaning</dd><dt>other</dt><dd><p>one</p><p>two</p></dd></dl>",
    "link": '<p><a href="https://example.org/a?b=1&amp;c=2">a place</a> and <a href="#top">the top</a></p>',
    "bold link *": '<p><a href="https://example.org/"><b>bold</b></a> <a href="#top"><b>a</b> and <code>b</code></a></p>',
    "block link *": '<a class=b href="#top"><span>Title</span><span>7</span></a><style>.b{display:flex}</style>',
    "link around blocks *": '<a href="#top"><div><p>one</p></div><div>two</div></a>',
    "picture link *": f'<p><a href="https://example.org/"><img src="{SVG}" alt="a black bar"></a></p>',
    "long link": f'<p><a href="https://example.org/">{"a link of many words " * 30}</a></p>',
    "link in a list *": '<ul><li><p><a href="#top"><em>up</em></a></p></li></ul>',
    "link in the foot *": '<p class="foot"><a href="#top">up</a></p>',
    "picture": f'<p><img src="{SVG}" alt="a black bar"></p>',
    "decoration *": f'<p>before <img src="{SVG}" alt=""> after</p>',
    "decoration in a link": f'<p><a href="#top"><img src="{SVG}" alt=""> words</a></p>',
    "drawing": '<svg width="40" height="20"><title>A bar</title><rect width="40" height="20"/></svg>',
    "drawing as decoration *": '<svg width="40" height="20"><rect width="40" height="20"/></svg>',
    "figure": f'<figure><img src="{SVG}" alt="a black bar"><figcaption>A bar</figcaption></figure>',
    "picture over the edge *": f'<img class=o src="{SVG}" alt="bar"><style>.o{{position:absolute;left:-40mm}}</style>',
    "table": "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    "table with row heads": "<table><tr><th></th><th>a</th></tr><tr><th>r</th><td>1</td></tr></table>",
    "table with rowspan *": "<table><tr><th rowspan=2>a</th><td>1</td></tr><tr><td>2</td></tr></table>",
    "table with colspan": "<table><thead><tr><th colspan=2>a</th></tr></thead><tr><td>1</td><td>2</td></tr></table>",
    "table with groups *": "<table><thead><tr><th>a<th>b</thead><tbody><tr><th colspan=2>group<tr><th>r<td>1</tbody></table>",
    "table with both *": "<table><thead><tr><th rowspan=2>a<th colspan=2>b<tr><th>c<th>d</thead><tr><th>r<td>1<td>2</table>",
    "table over pages *": f"<table><thead><tr><th>a<th>b<th>c</thead><tbody>{ROWS}</tbody></table>",
    "table with lists": "<table><tr><td><ul><li>a</li></ul></td><td><p>b</p><p>c</p></td></tr></table>",
    "table with caption": "<table><caption>Cap</caption><tr><th>a</th></tr><tr><td>1</td></tr></table>",
    "sections": "<section><h2>Two</h2><p>x</p><h3>Three</h3><p>y</p></section><article><h2>Two</h2></article>",
    "heading with marks": '<h2 id="h">A <em>soft</em> <code>code</code></h2><p><a href="#h">go</a></p>',
    "quote": "<blockquote><p>one</p><p>two</p></blockquote>",
    "code": "<pre><code>a = 1\n  b</code></pre>",
    "rule": "<p>a</p><hr><p>b</p>",
    "columns": f"<div class=c>{LONG}</div><style>.c{{columns:2}}</style>",
    "grid": "<div class=g><p>a</p><p>b</p></div><style>.g{display:grid;grid-template-columns:1fr 1fr}</style>",
    "float": "<div class=f>aside</div><p>text</p><style>.f{float:left}</style>",
    "absolute": "<div class=a>placed</div><p>text</p><style>.a{position:absolute;top:100mm}</style>",
    "many pages": LONG * 12,
    "contents": '<ul class=t><li><span><a href="#c">C</a></span><i></i><b data-to="#c"></b></li></ul><h2 id=c>C</h2>'
    "<style>.t li{display:flex}.t i{flex:1}.t b::after{content:target-counter(attr(data-to url),page)}</style>",
    "generated content": "<p class=q>said</p><style>.q::before{content:'“'}.q::after{content:'”'}</style>",
    "all kinds of field": "<form>" + "".join(control(place) for place in PLACES) + "</form>",
    "fields in a table": "<form><table><thead><tr><th>what<th>yes<th>why</thead><tr><th>pace<td>"
    f"{control(PLACES[2])}<td>{control(PLACES[1])}</table></form>",
    "fields in a list *": f"<form><ul><li><p>name</p>{control(PLACES[0])}</li></ul></form>",
}


def laid(body: str) -> Laid:
    page = body if body.startswith("<!DOCTYPE") else sheet(body)
    return lay_out(page, Path("."), "<form>" in page)


def places_on(body: str) -> tuple[Place, ...]:
    return tuple(place for place in PLACES if f'name="{place.name}"' in body)


def failures(pdf: bytes) -> str:
    """What page-validation finds against PDF/UA-1; empty where it finds nothing."""
    report = validate_pdf_bytes(pdf, profile="ua1")
    return "" if report.is_compliant else str(report)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))

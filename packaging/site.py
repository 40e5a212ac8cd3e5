#!/usr/bin/python3
"""The pages as a site of plain HTML: packaging/site.py SOURCE DIRECTORY

Every .md of the top, docs/, docs/ci/, examples/ and editors/ becomes a page; a link to a page becomes one to its HTML,
a link to any other file of the tree a copy of it. No script, nothing from elsewhere, light and dark. Exits with 1 and
a line for each link that leads nowhere, headings included.
"""
import html
import os
import re
import shutil
import sys

import markdown

STYLE = """:root{color-scheme:light dark}
body{font:16px/1.55 system-ui,sans-serif;margin:0 auto;max-width:78rem;padding:0 1rem;display:flex;gap:2rem}
nav{flex:0 0 13rem;padding-top:1rem;font-size:.9rem}nav a{display:block;padding:.1rem 0}main{flex:1;min-width:0}
pre{overflow-x:auto;padding:.7rem;border:1px solid #8884;border-radius:4px;line-height:1.35}
code{font:.88em ui-monospace,monospace}table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{border:1px solid #8886;padding:.25rem .5rem;text-align:left;vertical-align:top}
[aria-current]{font-weight:bold}img{max-width:100%}@media(max-width:50rem){body{display:block}}"""
FOLDERS = ["", "docs", "docs/ci", "examples", "editors"]


def slug(text, _separator):
    """Anchors as forges make them, which the links of the pages mean."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def page_name(path):
    return "index.html" if path == "README.md" else re.sub(r"\.md$", ".html", path)


class Site:
    def __init__(self, source, target):
        self.source, self.target, self.wrong, self.titles, self.bodies = source, target, [], {}, {}
        for folder in FOLDERS:
            for name in sorted(os.listdir(os.path.join(source, folder))):
                if name.endswith(".md"):
                    self.convert(os.path.join(folder, name))

    def convert(self, path):
        text = open(os.path.join(self.source, path), encoding="utf-8").read()
        reader = markdown.Markdown(extensions=["tables", "fenced_code", "toc", "sane_lists"],
                                   extension_configs={"toc": {"slugify": slug}})
        self.bodies[path] = reader.convert(text)
        title = re.search(r"^# (.*)", text, re.M)
        self.titles[path] = re.sub(r"[`*]", "", title.group(1) if title else path)

    def anchors(self, path):
        return set(re.findall(r' id="([^"]*)"', self.bodies[path]))

    def link(self, path, link):
        """Where a link of a page leads in the site."""
        link = html.unescape(link)
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            return link
        file, _, anchor = link.partition("#")
        meant = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
        if meant in self.bodies:
            if anchor and anchor not in self.anchors(meant):
                self.wrong.append(f"{path}: {link} names no heading")
            here = os.path.relpath(page_name(meant), os.path.dirname(page_name(path)) or ".")
            return here + ("#" + anchor if anchor else "")
        found = os.path.join(self.source, meant)
        if meant.startswith("..") or not os.path.exists(found):
            self.wrong.append(f"{path}: {link} does not exist")
        elif os.path.isfile(found):
            os.makedirs(os.path.dirname(os.path.join(self.target, meant)) or ".", exist_ok=True)
            shutil.copyfile(found, os.path.join(self.target, meant))
        else:
            return None  # a folder: the words stay, without a link
        return file

    def write(self):
        for path, body in self.bodies.items():
            def rewritten(match, path=path):
                led = self.link(path, match.group(2))
                return f'{match.group(1)}="{html.escape(led)}"' if led is not None else ""
            body = re.sub(r'\b(href|src)="([^"]*)"', rewritten, body)
            place = os.path.join(self.target, page_name(path))
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8") as out:
                out.write(f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
                          f'content="width=device-width"><title>{html.escape(self.titles[path])}</title>'
                          f"<style>{STYLE}</style></head>\n<body><nav aria-label=\"pages\">{self.menu(path)}</nav>\n"
                          f"<main>\n{body}\n</main></body></html>\n")

    def menu(self, here):
        order = sorted(self.titles, key=lambda path: (path != "README.md", path.count("/"), path))
        links = []
        for path in order:
            to = os.path.relpath(page_name(path), os.path.dirname(page_name(here)) or ".")
            current = ' aria-current="page"' if path == here else ""
            links.append(f'<a href="{to}"{current}>{html.escape(self.titles[path])}</a>')
        return "\n".join(links)


def main():
    site = Site(*sys.argv[1:])
    site.write()
    for line in site.wrong:
        print(line, file=sys.stderr)
    print(f"{len(site.bodies)} pages in {sys.argv[2]}")
    sys.exit(1 if site.wrong else 0)


main()

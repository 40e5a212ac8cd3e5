#!/usr/bin/python3
"""One script of what emscripten made, for a page that is opened from a file.

    page/pack.py PROGRAM.js PROGRAM.wasm model.js > lastack-explorer.js

The program is compressed: a browser unpacks it in a moment, and a report stays small. The script must be able to stand
inside of an element of XHTML (CDATA) and of HTML; what would end that is spelled otherwise, or refused. The same input
gives the same bytes.
"""
import base64
import gzip
import re
import sys

program, binary, model = sys.argv[1:]
with open(program, encoding="utf-8") as file:
    glue = file.read()
with open(binary, "rb") as file:
    packed = base64.b64encode(gzip.compress(file.read(), 9, mtime=0)).decode()
with open(model, encoding="utf-8") as file:
    text = file.read()

script = f'{glue.strip()}\nconst lastackPacked = "{packed}";\n{text}'
script = script.replace("]]>", "]] >")  # a[b[0]]>c
bad = re.search(r"</script|<!--|https?://", script, re.I)
if bad:
    sys.exit(f"pack: {bad.group()} may not stand in a script of a page")
sys.stdout.write(script)

// The model in a page, behind plain functions. page/pack.py puts emscripten's program in front of this and makes one
// script of both, lastack-explorer.js; `lastackPacked` is WebAssembly, compressed, in base64.
//
// lastackModel() resolves to an object with
//   add(name, text)                  a file of a spec, under the name that `use` finds it by
//   read(name, subject, settings)    {systems: [{name, title}]}
//   state(system, number)            {texts: [A, B, on its way to B, on its way to A], next: [[what, rules, state]]}
//   count(system, more)              {states, transitions, depth, complete}
// Where something goes wrong they throw an Error with the diagnostics.
async function lastackModel() {
  const packed = Uint8Array.from(atob(lastackPacked), c => c.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const program = await lastackProgram({ wasmBinary: await new Response(unpacked).arrayBuffer() });
  const call = (name, types, values) => {
    const answer = JSON.parse(program.ccall("lastack_" + name, "string", types, values));
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  };
  const text = "string", number = "number";
  return {
    add: (name, content) => program.ccall("lastack_add_file", null, [text, text], [name, content]),
    read: (name, subject = "", settings = []) => call("read", [text, text, text], [name, subject, settings.join("\n")]),
    state: (system, state) => call("state", [number, number], [system, state]),
    count: (system, more) => call("count", [number, number], [system, more]),
  };
}

# lastack-explorer.js and explorer.html: the model compiled for a page by emscripten, where that is installed
# (`./dev setup page`). In the build directory's page/, where the command looks for it.
#
# What is compiled is page/ itself, model/ and the interpreter; of checker/ nothing else, since the engine needs
# std::atomic_ref, which emscripten's library lacks. Rule by rule with its own options, since no compiler of this build
# makes WebAssembly.
find_program(EMXX em++)
find_program(EM_PYTHON python3 PATHS /usr/bin)
if(NOT EMXX OR NOT EM_PYTHON OR LASTACK_FUZZ)
  return()
endif()

set(page ${PROJECT_BINARY_DIR}/page)
# The packages that are headers alone, and nothing else of this machine's: its C library is another one.
file(MAKE_DIRECTORY ${page}/include)
find_path(PEGTL_HEADERS tao/pegtl.hpp)
find_path(FMT_HEADERS fmt/format.h)
file(CREATE_LINK ${PEGTL_HEADERS}/tao ${page}/include/tao SYMBOLIC)
file(CREATE_LINK ${FMT_HEADERS}/fmt ${page}/include/fmt SYMBOLIC)

# A node that is not Debian's does not find what Debian's emscripten needs of it.
set(em ${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs ${EMXX})
set(em_compile ${em})
if(CCACHE)
  set(em_compile ${CMAKE_COMMAND} -E env CCACHE_COMPILERTYPE=clang ${CCACHE} ${EMXX})
endif()
# The program is a part of each page, so the language, which is most of it, is small; what counts states is fast.
set(em_options -std=c++20 -DNDEBUG -fexceptions -DFMT_HEADER_ONLY)

# lastack_page_unit(NAME OPTIMISED sources...): compiled as one.
set(page_objects)
function(lastack_page_unit name optimised)
  set(lines)
  foreach(source IN LISTS ARGN)
    string(APPEND lines "#include \"${source}\"\n")
  endforeach()
  set(unit ${page}/${name})
  file(CONFIGURE OUTPUT ${unit}.cpp CONTENT "${lines}" @ONLY)
  add_custom_command(OUTPUT ${unit}.o
    COMMAND ${em_compile} ${em_options} ${optimised} -include ${PROJECT_SOURCE_DIR}/page/three_way.h
      -I${PROJECT_SOURCE_DIR} -I${page}/include -MD -MT ${unit}.o -MF ${unit}.d -c ${unit}.cpp -o ${unit}.o
    DEPENDS ${unit}.cpp DEPFILE ${unit}.d VERBATIM)
  set(page_objects ${page_objects} ${unit}.o PARENT_SCOPE)
endfunction()

file(GLOB model_part CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} page/*.cpp model/*.cpp)
file(GLOB language_part CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} model/language/*.cpp)
list(FILTER language_part EXCLUDE REGEX "/(format|format_tokens|merge_systems|parser)\\.cpp$")
lastack_page_unit(model -O2 ${model_part} checker/trace/plain_system.cpp checker/trace/trace.cpp)
lastack_page_unit(language -Oz ${language_part})
lastack_page_unit(parser -Oz model/language/parser.cpp)
lastack_page_unit(systems -Oz model/language/merge_systems.cpp)

add_custom_command(OUTPUT ${page}/lastack-explorer.js
  COMMAND ${em} -Os -fexceptions ${page_objects} -o ${page}/program.js -sFILESYSTEM=0 -sALLOW_MEMORY_GROWTH=1
    -sMODULARIZE=1 -sEXPORT_NAME=lastackProgram -sENVIRONMENT=web,node -sEXPORTED_RUNTIME_METHODS=ccall
    -sEXPORTED_FUNCTIONS=_lastack_add_file,_lastack_read,_lastack_state,_lastack_count
  COMMAND ${EM_PYTHON} ${PROJECT_SOURCE_DIR}/page/pack.py ${page}/program.js ${page}/program.wasm
    ${PROJECT_SOURCE_DIR}/page/model.js > ${page}/lastack-explorer.js
  DEPENDS ${page_objects} page/pack.py page/model.js VERBATIM)

# A page by itself, of every spec that is shipped.
file(GLOB_RECURSE page_specs CONFIGURE_DEPENDS specs/*.spec)
add_custom_command(OUTPUT ${page}/explorer.html
  COMMAND lastack step ${PROJECT_SOURCE_DIR}/specs/linux.spec --report html=${page}/explorer.html
  DEPENDS lastack ${page}/lastack-explorer.js ${page_specs} VERBATIM)
add_custom_target(lastack_explorer ALL DEPENDS ${page}/lastack-explorer.js ${page}/explorer.html)

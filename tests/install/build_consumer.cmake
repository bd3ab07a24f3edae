# Builds and runs consumer/ in one of three ways (WAY), then looks into the program that uses no provider.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

set(prefix_path ${PREFIX_PATH})
if(WAY STREQUAL "find_package")
  # Only the package: what it bundles has to be enough.
  install_and_move("${WORK}-package")
  set(prefix_path "${WORK}-package")
endif()

string(TOUPPER "${CONFIG}" type)
string(REPLACE ";" "\\;" components "${COMPONENTS}")
file(REMOVE_RECURSE "${WORK}")
run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/consumer" -B "${WORK}" -G Ninja "-DWAY=${WAY}" "-DGENKIT_SOURCE=${SOURCE}"
    "-DCMAKE_PREFIX_PATH=${prefix_path}" "-DCOMPONENTS=${components}" "-DCMAKE_CXX_COMPILER=${COMPILER}"
    "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DSANITIZE=${SANITIZE}" "-DCMAKE_BUILD_TYPE=${CONFIG}"
    "-DCMAKE_CXX_FLAGS_${type}=${FLAGS}" "-DGENKIT_WERROR=${WERROR}")
run("${CMAKE_COMMAND}" --build "${WORK}" -j 2)
run("${CMAKE_COMMAND}" -E chdir "${WORK}" ./plain)
foreach(component IN LISTS COMPONENTS)
  run("${CMAKE_COMMAND}" -E chdir "${WORK}" "./with_${component}")
endforeach()

# Neither linked nor, after a run, loaded: a program pays only for what it uses.
set(unwanted "curl|ssl|crypto|llama|ggml")
execute_process(COMMAND "${READELF}" --dynamic --wide "${WORK}/plain" OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
if(NOT dynamic MATCHES "NEEDED.*libc\\.so")
  message(FATAL_ERROR "no shared C library in the output of readelf:\n${dynamic}")
endif()
string(REGEX MATCHALL "NEEDED[^\n]*(${unwanted})[^\n]*" linked "${dynamic}")
file(READ "${WORK}/loaded.txt" loaded)
if(NOT loaded MATCHES "libc\\.so")
  message(FATAL_ERROR "the program did not say what it has loaded:\n${loaded}")
endif()
string(REGEX MATCHALL "[^\n]*/lib(${unwanted})[^\n]*" mapped "${loaded}")
execute_process(COMMAND "${NM}" --demangle "${WORK}/plain" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
if(NOT symbols MATCHES " main\n")
  message(FATAL_ERROR "no main in the output of nm")
endif()
string(REGEX MATCHALL "\n[0-9a-f]+ [TtWw] (curl_|SSL_|EVP_|llama_|ggml_)[^\n]*" static "${symbols}")
if(linked OR mapped OR static)
  message(FATAL_ERROR "a program that uses no provider has\nlinked: ${linked}\nloaded: ${mapped}\nlinked statically: ${static}")
endif()

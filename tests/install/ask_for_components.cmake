# find_package(genkit) with a component that does not exist, or was not built, fails with a sentence that says so.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
install_and_move("${WORK}/package")

# The doubles for tests are there, asked for or not.
foreach(components IN ITEMS "" "COMPONENTS testing")
  file(REMOVE_RECURSE "${WORK}/asks")
  file(WRITE "${WORK}/asks/CMakeLists.txt"
       "cmake_minimum_required(VERSION 3.25)\nproject(asks CXX)\nfind_package(genkit REQUIRED ${components})\n"
       "if(NOT TARGET genkit::testing)\n  message(FATAL_ERROR \"no genkit::testing\")\nendif()\n")
  run("${CMAKE_COMMAND}" -S "${WORK}/asks" -B "${WORK}/asks/build" -G Ninja "-DCMAKE_CXX_COMPILER=${COMPILER}"
      "-DCMAKE_PREFIX_PATH=${WORK}/package")
endforeach()

# ask(COMPONENT MESSAGE): asking for COMPONENT must fail with MESSAGE.
function(ask component message)
  file(REMOVE_RECURSE "${WORK}/asks")
  file(WRITE "${WORK}/asks/CMakeLists.txt"
       "cmake_minimum_required(VERSION 3.25)\nproject(asks CXX)\nfind_package(genkit REQUIRED COMPONENTS ${component})\n")
  execute_process(COMMAND "${CMAKE_COMMAND}" -S "${WORK}/asks" -B "${WORK}/asks/build" -G Ninja "-DCMAKE_CXX_COMPILER=${COMPILER}"
                          "-DCMAKE_PREFIX_PATH=${WORK}/package" RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE errors)
  string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
  if(result EQUAL 0)
    message(FATAL_ERROR "find_package found the component ${component}")
  endif()
  if(NOT errors MATCHES "${message}")
    message(FATAL_ERROR "expected \"${message}\", but CMake said:${errors}")
  endif()
endfunction()

ask(no_such_plugin "genkit: unknown component \"no_such_plugin\"; there are: llamacpp, testing")
if(NOT "llamacpp" IN_LIST BUILT)
  ask(llamacpp "built without the component \"llamacpp\"")
endif()

# genkit_test: a GoogleTest program, one CTest test for each of its tests, labelled "fast" (or "full" with FULL).
#
#   genkit_test(NAME genkit_base_test SRCS json_test.cc LIBS genkit_base [FULL] [TIMEOUT seconds])
function(genkit_test)
  cmake_parse_arguments(arg "FULL" "NAME;TIMEOUT" "SRCS;LIBS" ${ARGN})
  if(NOT GENKIT_BUILD_TESTS OR NOT arg_SRCS)
    return()
  endif()
  set(label fast)
  if(arg_FULL)
    set(label full)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT ${GENKIT_TEST_TIMEOUT})
  endif()
  add_executable(${arg_NAME} ${arg_SRCS})
  genkit_compile_options(${arg_NAME})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBS} GTest::gmock GTest::gtest_main)
  # PRE_TEST: tests are listed when ctest starts, so that building never runs a program.
  gtest_discover_tests(${arg_NAME} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX "${arg_NAME}."
                       PROPERTIES LABELS ${label} TIMEOUT ${arg_TIMEOUT})
endfunction()

# genkit_compile_fail_test: a source file that must not compile, and what the compiler has to say about it.
#
#   genkit_compile_fail_test(NAME schema.pointer_member SOURCE pointer_member.cc MESSAGE "cannot be described"
#                            [LIBS genkit_schema])
#
# Passes when the compiler fails, a line of its errors matches MESSAGE, and that line is short enough to read.
function(genkit_compile_fail_test)
  cmake_parse_arguments(arg "" "NAME;SOURCE;MESSAGE" "LIBS" ${ARGN})
  if(NOT GENKIT_BUILD_TESTS)
    return()
  endif()
  string(MAKE_C_IDENTIFIER "genkit_compile_fail_${arg_NAME}" target)
  add_library(${target} OBJECT EXCLUDE_FROM_ALL "${arg_SOURCE}")
  genkit_compile_options(${target})
  target_include_directories(${target} PRIVATE "${genkit_SOURCE_DIR}/include" "${genkit_SOURCE_DIR}/src")
  target_link_libraries(${target} PRIVATE Boost::json ${arg_LIBS})
  add_test(NAME compile_fail.${arg_NAME}
           COMMAND "${CMAKE_COMMAND}" "-DCOMPILER=${CMAKE_CXX_COMPILER}" "-DSTANDARD=${CMAKE_CXX20_STANDARD_COMPILE_OPTION}"
                   "-DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}/${arg_SOURCE}" "-DMESSAGE=${arg_MESSAGE}"
                   "-DINCLUDES=$<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>" -P
                   "${genkit_SOURCE_DIR}/cmake/CompileFail.cmake")
  set_tests_properties(compile_fail.${arg_NAME} PROPERTIES LABELS fast TIMEOUT ${GENKIT_TEST_TIMEOUT})
endfunction()

# Test data of the other languages: ../shared/conformance beside the project, in CI too.
set(GENKIT_CONFORMANCE_DIR "${genkit_SOURCE_DIR}/../shared/conformance" CACHE PATH "Test data of the other Genkit languages")

# genkit_cli_tests: a C++ program under the official Genkit command line, one CTest test for each scenario of a Python script.
#
#   genkit_cli_tests(RUNNER run.py ARGS --app "$<TARGET_FILE:app>")
#
# One at a time: the command line takes a port that is free when it looks, and two of them may find the same one. It is `genkit`
# on PATH or $GENKIT_CLI; without it the tests are skipped, and ./dev test gets it.
function(genkit_cli_tests)
  cmake_parse_arguments(arg "" "RUNNER" "ARGS" ${ARGN})
  set(runner "${CMAKE_CURRENT_SOURCE_DIR}/${arg_RUNNER}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${runner}")
  file(STRINGS "${runner}" lines REGEX "^(@test|def )")
  set(is_test FALSE)
  foreach(line IN LISTS lines)
    if(line STREQUAL "@test")
      set(is_test TRUE)
    elseif(is_test AND line MATCHES "^def ([a-z0-9_]+)")
      set(is_test FALSE)
      add_test(NAME cli.${CMAKE_MATCH_1} COMMAND "${Python3_EXECUTABLE}" "${runner}" ${arg_ARGS} ${CMAKE_MATCH_1})
      set_tests_properties(cli.${CMAKE_MATCH_1} PROPERTIES LABELS full TIMEOUT 600 SKIP_RETURN_CODE 77 RESOURCE_LOCK genkit_cli)
    endif()
  endforeach()
endfunction()

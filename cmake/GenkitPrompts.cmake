# genkit_embed_prompts: prompt files as part of a program, which then needs no prompt directory beside it.
#
#   genkit_embed_prompts(app DIRECTORY prompts)            in CMakeLists.txt
#
#   #include "embedded_prompts.h"                          in main.cc
#   genkit::Genkit ai({.embedded_prompts = embedded_prompts()});
#
# NAME gives function and header another name, for a program with several folders. A file that is added is found at the next
# build, and one that is changed is embedded anew.
function(genkit_embed_prompts target)
  cmake_parse_arguments(arg "" "DIRECTORY;NAME" "" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_DIRECTORY)
    message(FATAL_ERROR "genkit_embed_prompts(TARGET DIRECTORY folder [NAME function]): wrong arguments: ${ARGN}")
  endif()
  if(NOT arg_NAME)
    set(arg_NAME embedded_prompts)
  endif()
  if(NOT arg_NAME MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "genkit_embed_prompts: NAME must be a C++ name, got \"${arg_NAME}\"")
  endif()
  get_filename_component(directory "${arg_DIRECTORY}" ABSOLUTE)
  if(NOT IS_DIRECTORY "${directory}")
    message(FATAL_ERROR "genkit_embed_prompts: there is no folder \"${directory}\"")
  endif()

  set(output "${CMAKE_CURRENT_BINARY_DIR}/${target}_prompts")
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/GenkitEmbedPrompts.cmake")
  file(GLOB_RECURSE files CONFIGURE_DEPENDS "${directory}/*.prompt")
  add_custom_command(
    OUTPUT "${output}/${arg_NAME}.cc" "${output}/${arg_NAME}.h"
    COMMAND "${CMAKE_COMMAND}" "-DDIRECTORY=${directory}" "-DOUTPUT=${output}" "-DNAME=${arg_NAME}" -P "${script}"
    DEPENDS ${files} "${script}"
    COMMENT "Embedding the prompts of ${arg_DIRECTORY}"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}/${arg_NAME}.cc" "${output}/${arg_NAME}.h")
  target_include_directories(${target} PRIVATE "${output}")
endfunction()

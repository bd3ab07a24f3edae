# genkit::genkit and its plugins as a package that find_package(genkit COMPONENTS ...) finds, wherever it is moved to.
if(NOT GENKIT_INSTALL)
  return()
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/genkit")

get_property(separate GLOBAL PROPERTY GENKIT_SEPARATE_MODULES)
list(TRANSFORM separate REPLACE "(.+)" "genkit_\\1_library" OUTPUT_VARIABLE separate_targets)
install(TARGETS genkit ${separate_targets} EXPORT genkitTargets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY include/genkit DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
install(EXPORT genkitTargets NAMESPACE genkit:: DESTINATION "${package_dir}")

get_property(plugins GLOBAL PROPERTY GENKIT_PLUGINS)
foreach(plugin IN LISTS plugins)
  install(TARGETS genkit_${plugin} EXPORT genkit_${plugin}Targets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(DIRECTORY plugins/${plugin}/include/genkit DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
  install(EXPORT genkit_${plugin}Targets NAMESPACE genkit:: DESTINATION "${package_dir}")
endforeach()

# A static llama.cpp goes into the package, so that a moved package does not depend on the cache that it was built from. One of the
# system's is found where it is.
set(llama_bundled OFF)
if("llamacpp" IN_LIST plugins AND GENKIT_BUNDLE_LLAMA AND NOT LLAMA_SHARED_LIB)
  get_filename_component(llama_prefix "${llama_DIR}/../../.." REALPATH)
  if(NOT llama_prefix MATCHES "^/usr(/local)?(/lib)?$")
    set(llama_bundled ON)
    install(DIRECTORY "${llama_prefix}/include" "${llama_prefix}/lib" "${llama_prefix}/share"
            DESTINATION "${CMAKE_INSTALL_LIBDIR}/genkit/llama" OPTIONAL PATTERN "pkgconfig" EXCLUDE)
  endif()
endif()

string(REPLACE ";" " " boost_components "${genkit_boost_components}")
configure_package_config_file(cmake/genkitConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/package/genkitConfig.cmake"
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/package/genkitConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/package/genkitConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/package/genkitConfigVersion.cmake" cmake/Findre2.cmake cmake/FindGenkitYaml.cmake
              cmake/GenkitPrompts.cmake cmake/GenkitEmbedPrompts.cmake
        DESTINATION "${package_dir}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/genkit-cpp" OPTIONAL)

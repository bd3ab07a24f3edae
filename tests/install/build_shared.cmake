# Builds shared/ with the installed package and runs it.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
install_and_move("${WORK}-package")
file(REMOVE_RECURSE "${WORK}")
run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/shared" -B "${WORK}" -G Ninja "-DCMAKE_PREFIX_PATH=${WORK}-package"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DSANITIZE=${SANITIZE}" -DGENKIT_STATIC_DEPENDENCIES=OFF)
run("${CMAKE_COMMAND}" --build "${WORK}" -j 2)
run("${CMAKE_COMMAND}" -E chdir "${WORK}" ./host "${WORK}/libnode.so")

# Installs Handlebars.js into FOLDER, once, and lets it write CASES.
if(NOT EXISTS "${FOLDER}/node_modules/handlebars/package.json")
  file(MAKE_DIRECTORY "${FOLDER}")
  execute_process(COMMAND "${NPM}" install --no-audit --no-fund --prefix "${FOLDER}" handlebars@4.7 COMMAND_ERROR_IS_FATAL ANY)
endif()
execute_process(COMMAND "${NODE}" "${SCRIPT}" "${FOLDER}" "${COUNT}" "${SEED}" OUTPUT_FILE "${CASES}" COMMAND_ERROR_IS_FATAL ANY)

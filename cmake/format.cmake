# `cmake --build … --target format` lays the sources out; tools/check_format.sh alone only checks.
add_custom_target(format COMMAND ${PROJECT_SOURCE_DIR}/tools/check_format.sh --fix VERBATIM)

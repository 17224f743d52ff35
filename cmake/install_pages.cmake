# Run at installation: the program writes its manual pages and completions, where it can.
execute_process(COMMAND ${gradus_program} pages ${gradus_pages} RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
if(failed)
  message(STATUS "No manual pages: the program does not write them")
endif()

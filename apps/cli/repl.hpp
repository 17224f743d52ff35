// `gradus` alone on a terminal: a conversation.
#pragma once

/// Reads lines until the input ends. Returns the exit code.
int converse();

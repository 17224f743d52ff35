// Colours for a line while it is typed.
#pragma once
#include <string>
#include <string_view>

#include "gradus/service/conversation.hpp"

/// The text with the escapes for its tones; the characters stay the same.
std::string colored(const gradus::service::Conversation& conversation, std::string_view text);

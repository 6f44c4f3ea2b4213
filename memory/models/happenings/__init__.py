"""What can happen: the typed payloads of semantic events, in the past tense. Ids and plain values only, never words."""

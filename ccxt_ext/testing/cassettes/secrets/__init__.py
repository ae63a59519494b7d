"""What keeps secrets out of cassettes: their forms, the names they go by, and a last look."""

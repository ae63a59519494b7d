"""What orders need."""

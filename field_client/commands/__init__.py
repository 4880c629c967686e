"""The commands of `xiangxin-field`, one noun a file."""

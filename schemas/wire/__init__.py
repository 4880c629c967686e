"""What comes in as JSON, made into messages; the one user of marshmallow."""

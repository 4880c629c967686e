-- The device's own key: it signs courier bundles; its public half goes to the branch at sign-in.

ALTER TABLE device ADD COLUMN signing_key TEXT;

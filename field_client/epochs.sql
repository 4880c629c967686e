-- Of which epoch a view is: it stays so until the next one is whole, and a form stays of that in which it was opened.

ALTER TABLE device ADD COLUMN view_epoch TEXT;
UPDATE device SET view_epoch = epoch;
ALTER TABLE draft ADD COLUMN epoch TEXT;
UPDATE draft SET epoch = (SELECT epoch FROM device);

-- Open forms give own sets by `seq`, the order in which this store made them: numbers change with the device.
-- `after` is now the set made last when the form was opened, `newest` {unit: seq}.

UPDATE draft SET
  after = coalesce(
    (SELECT MIN(seq) - 1 FROM change_set
      WHERE device = (SELECT id FROM device) AND number > draft.after),
    (SELECT MAX(seq) FROM change_set),
    0),
  newest = (
    SELECT json_group_object(shown.key, one.seq)
      FROM json_each(draft.newest) AS shown JOIN change_set AS one
        ON one.device = (SELECT id FROM device) AND one.number = shown.value);

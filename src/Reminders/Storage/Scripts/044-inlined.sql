-- works beside builds from: 33

-- Nothing but its number: functions.sql words its predicates so that they become part of the statements that ask them.

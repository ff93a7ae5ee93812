-- works beside builds from: 33

-- Nothing but its number: those of functions.sql that read a table keep their plans.

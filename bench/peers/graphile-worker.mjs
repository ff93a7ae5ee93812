// graphile-worker as its makers measure it: a local queue that fetches 500 at once, and completions gathered into batches.
import { Logger, makeWorkerUtils, run, WorkerPreset } from "graphile-worker";
import pg from "pg";
import { send } from "./receiver.mjs";

const connectionString = process.env.DATABASE_URL;
const inFlight = Number(process.env.IN_FLIGHT);

if (process.argv[2] === "fill") {
  const utils = await makeWorkerUtils({ connectionString });
  await utils.migrate();
  await utils.release();
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(
    `SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
       SELECT jsonb_populate_record(NULL::graphile_worker.job_spec,
                                    jsonb_build_object('identifier', 'send', 'payload', jsonb_build_object('chat', 1000000 + n)))
       FROM generate_series(1, $1::int) n))`,
    [Number(process.argv[3])],
  );
  await client.query("VACUUM ANALYZE");
  await client.end();
} else {
  await run({
    connectionString,
    // It would write a line for each message.
    logger: new Logger(() => () => {}),
    taskList: { send: ({ chat }) => send(chat) },
    preset: {
      extends: [WorkerPreset],
      worker: {
        connectionString,
        concurrentJobs: inFlight,
        maxPoolSize: 10,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
}

// pg-boss at its fastest: two workers that fetch and complete 500 jobs at once, and fetch again while there are that many.
import pg from "pg";
import { PgBoss } from "pg-boss";
import { send } from "./receiver.mjs";

const queue = "send";
const boss = new PgBoss({ connectionString: process.env.DATABASE_URL, max: 10 });
boss.on("error", console.error);
await boss.start();

if (process.argv[2] === "fill") {
  await boss.createQueue(queue);
  const count = Number(process.argv[3]);
  for (let first = 1; first <= count; first += 1000) {
    const length = Math.min(1000, count - first + 1);
    await boss.insert(queue, Array.from({ length }, (_, n) => ({ data: { chat: 1000000 + first + n } })));
  }
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query("VACUUM ANALYZE");
  await client.end();
  await boss.stop({ graceful: false });
} else {
  await boss.work(
    queue,
    { batchSize: 500, localConcurrency: 2, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true },
    (jobs) => Promise.all(jobs.map((job) => send(job.data.chat))),
  );
}

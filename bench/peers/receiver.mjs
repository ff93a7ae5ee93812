// Sends one message to the simulated provider: what every queue here is for. A connection for each message under way, kept open.
import { Pool } from "undici";

const url = new URL(process.env.SEND_MESSAGE);
const pool = new Pool(url.origin, { connections: Number(process.env.IN_FLIGHT), pipelining: 1 });

export async function send(chat) {
  const { statusCode, body } = await pool.request({
    path: url.pathname,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat_id: chat, text: "Your interview is in two hours." }),
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`the provider said ${statusCode}`);
}

// Who is signed in, a fresh token for sending, and the server's time.

const TIMEOUT = 20_000;

/** The service can't be reached, or the response isn't the service's. */
export class Unreachable extends Error {
  /** `status` is that of the answer, if there was one. */
  constructor(status = 0) {
    super();
    this.isServiceFailing = status >= 500;
  }
}

let current = null;

/** The session, requested once a page; `{fresh: true}` requests it again. Throws `Unreachable`. */
export async function session({ fresh = false } = {}) {
  if (fresh || !current) {
    const { status, body } = await ask(document.body.dataset.session);
    if (status === 401 && body) current = { user: null };
    else if (status === 200 && "user" in (body ?? {})) current = body;
    else throw new Unreachable(status);
  }
  return current;
}

/** `{status, body}` of a request; `body` is null unless the answer is JSON. Throws `Unreachable`. */
export async function ask(address, options = {}) {
  let reply;
  try {
    reply = await fetch(address, {
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT),
      ...options,
    });
    const isJson = reply.headers.get("Content-Type")?.startsWith("application/json");
    return { status: reply.status, body: isJson ? await reply.json() : null };
  } catch {
    throw new Unreachable();
  }
}

/**
 * Send `content` as JSON with the session's token; the server answers 401 unless `user` is still
 * the one who is signed in. Throws `Unreachable`.
 */
export async function send(address, content, user) {
  const post = async ({ token }) =>
    ask(address, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": token,
        "X-Recorded-By": String(user),
      },
      body: JSON.stringify(content),
    });
  let reply = await post(await session());
  // Refused by the CSRF check: the token is from before somebody signed in.
  if (reply.status === 403 && !reply.body) reply = await post(await session({ fresh: true }));
  return reply;
}

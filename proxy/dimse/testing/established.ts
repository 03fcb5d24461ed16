import type { Association } from "../association.ts";
import type { RemoteAe } from "../remote-ae.ts";
import { requestAssociation } from "../request-association.ts";
import { localAe, ONE_CONTEXT } from "./loopback.ts";
import { openScriptedPeer, type ScriptedConnection, type ScriptedPeer } from "./scripted-peer.ts";

const NEVER = new AbortController().signal;

/** An association with a peer whose side a test plays. */
export interface Established {
  readonly association: Association;
  readonly connection: ScriptedConnection;
  readonly peer: ScriptedPeer;
}

/** Makes one, with contexts 1 and 3 of one SOP class. */
export async function establish(changes: Partial<RemoteAe> = {}): Promise<Established> {
  const peer = await openScriptedPeer(
    async (connection) => void (await connection.acceptAssociation()),
  );
  const contexts = [...ONE_CONTEXT.contexts, ...ONE_CONTEXT.contexts];
  const association = await requestAssociation(localAe(peer.port, changes), { contexts }, NEVER);
  const [connection] = peer.connections;
  if (connection === undefined) throw new Error("Nobody connected");
  return { association, connection, peer };
}

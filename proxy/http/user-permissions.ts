import type { Permission, Permissions } from "./permissions.ts";
import { HttpProblem } from "./problem.ts";
import { requestUser } from "./request-user.ts";

const MEANINGS: Readonly<Record<Permission, string>> = {
  diagnose: "see how a PACS does and try it",
  forward: "send studies to other systems",
  store: "store objects",
};

/** The permissions that the configuration gives each user; who is not named has none. */
export function userPermissions(
  users: readonly { readonly name: string; readonly permissions?: readonly Permission[] }[],
): Permissions {
  const granted = new Map(users.map(({ name, permissions }) => [name, new Set(permissions)]));
  return {
    demand: (request, permission) => {
      const user = requestUser(request);
      if (user !== undefined && granted.get(user)?.has(permission) === true) return;
      throw new HttpProblem(
        403,
        "forbidden",
        `This user may not ${MEANINGS[permission]}: the configuration has to give the permission "${permission}"`,
        { permission },
      );
    },
  };
}

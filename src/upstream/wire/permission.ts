import type {
  JobApiPermission,
  JobApiPermissionAction,
  JobApiPermissionResource,
} from '../../domain/errors.ts';
import { isList, isWireObject, memberOf } from './members.ts';
import type { WireObject, WireValue } from './json.ts';

/**
 * The permission object of a denial (upstream contract 3.6); null where it is not one: what is missing is a help to
 * the caller, so a fault in it must not hide the denial itself. bk-job sends no address to apply at.
 */
export function decodePermission(value: WireValue, applyUrl: string | null): JobApiPermission | null {
  if (!isWireObject(value)) return null;
  const systemId = textOf(value, 'system_id');
  if (systemId === null) return null;
  return { systemId, actions: objectsOf(value, 'actions').flatMap(decodeAction), applyUrl };
}

function decodeAction(action: WireObject): readonly JobApiPermissionAction[] {
  const id = textOf(action, 'id');
  if (id === null) return [];
  const resources = objectsOf(action, 'related_resource_types').flatMap(decodeResources);
  return [{ id, name: textOf(action, 'name') ?? id, resources }];
}

/** Each instance is a path from the outermost thing inwards; the last one is what the permission is needed on. */
function decodeResources(related: WireObject): readonly JobApiPermissionResource[] {
  const paths = memberOf(related, 'instances');
  if (!isList(paths)) return [];
  return paths.flatMap((path) => {
    const last = isList(path) ? path.at(-1) : undefined;
    if (!isWireObject(last)) return [];
    const type = textOf(last, 'type') ?? textOf(related, 'type');
    const id = textOf(last, 'id');
    return type === null || id === null ? [] : [{ type, id, name: textOf(last, 'name') }];
  });
}

function objectsOf(object: WireObject, member: string): readonly WireObject[] {
  const value = memberOf(object, member);
  return isList(value) ? value.filter(isWireObject) : [];
}

function textOf(object: WireObject, member: string): string | null {
  const value = memberOf(object, member);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value : null;
}

import { describe, expect, it } from 'vitest';
import type { JobApiPermission } from '../../../../src/domain/errors.ts';
import type { WireValue } from '../../../../src/upstream/wire/json.ts';
import { decodePermission } from '../../../../src/upstream/wire/permission.ts';

function denied(permission: unknown): JobApiPermission | null {
  return decodePermission(permission as WireValue, 'https://iam.example.com');
}

describe('what is missing', () => {
  const resource = { id: '2', type: 'biz', name: 'demo', type_name: 'Business' };
  const action = (related: unknown) => ({
    id: 'view_history',
    name: 'View History',
    related_resource_types: related,
  });

  it('is each action, and what it is needed on: the last of each path', () => {
    const inner = { id: 7, type: 'script', name: null };
    expect(
      denied({
        system_id: 'bk_job',
        actions: [
          action([{ type: 'biz', instances: [[resource], [resource, inner]] }]),
          { id: 'access_business' },
        ],
      }),
    ).toEqual({
      systemId: 'bk_job',
      applyUrl: 'https://iam.example.com',
      actions: [
        {
          id: 'view_history',
          name: 'View History',
          resources: [
            { type: 'biz', id: '2', name: 'demo' },
            { type: 'script', id: '7', name: null },
          ],
        },
        { id: 'access_business', name: 'access_business', resources: [] },
      ],
    });
  });

  it('takes the type from the kind of resource where the instance has none, and ids of 64 bits as they are', () => {
    const related = [{ type: 'biz', instances: [[{ id: 9007199254740993n }]] }];
    expect(denied({ system_id: 'bk_job', actions: [action(related)] })?.actions[0]?.resources).toEqual([
      { type: 'biz', id: '9007199254740993', name: null },
    ]);
  });

  it.each([null, undefined, 'text', [], {}, { system_id: null }, { system_id: {} }])(
    'is not known from %j',
    (permission) => {
      expect(denied(permission)).toBeNull();
    },
  );

  it.each([
    [null],
    [{}],
    [[null]],
    [[{ instances: 'x' }]],
    [[{ instances: [resource] }]],
    [[{ instances: [[]] }]],
    [[{ instances: [['x']] }]],
    [[{ instances: [[{ type: 'biz' }]] }]],
    [[{ instances: [[{ id: '2' }]] }]],
  ])('names no resource where %j is none', (related) => {
    expect(denied({ system_id: 'bk_job', actions: [action(related)] })?.actions).toEqual([
      { id: 'view_history', name: 'View History', resources: [] },
    ]);
  });

  it.each([null, 'x', {}, [null], [5], [{}], [{ id: null }]])(
    'names no action where %j is none',
    (actions) => {
      expect(denied({ system_id: 'bk_job', actions })?.actions).toEqual([]);
    },
  );
});

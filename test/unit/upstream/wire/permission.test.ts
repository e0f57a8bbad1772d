import { describe, expect, it } from 'vitest';
import type { JobApiPermission } from '../../../../src/domain/errors.ts';
import type { WireValue } from '../../../../src/upstream/wire/json.ts';
import { createSecretCheck } from '../../../../src/secrets/secret-search.ts';
import { decodePermission } from '../../../../src/upstream/wire/permission.ts';

const appSecret = 'planted-app-secret';

function denied(permission: unknown): JobApiPermission | null {
  return decodePermission(permission as WireValue, {
    applyUrl: 'https://iam.example.com',
    holdsSecret: createSecretCheck(appSecret),
  });
}

const related = (instances: readonly unknown[]) => [{ type: 'biz', instances }];

describe('what is missing', () => {
  const resource = { id: '2', type: 'biz', name: 'demo', type_name: 'Business' };
  const action = (resources: unknown) => ({
    id: 'view_history',
    name: 'View History',
    related_resource_types: resources,
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
    const resources = related([[{ id: 9007199254740993n }]]);
    expect(denied({ system_id: 'bk_job', actions: [action(resources)] })?.actions[0]?.resources).toEqual([
      { type: 'biz', id: '9007199254740993', name: null },
    ]);
  });

  it('is looked for in so many places and no more, however many there are', () => {
    let looks = 0;
    const holdsSecret = (): boolean => {
      looks += 1;
      return false;
    };
    const places = Array.from({ length: 5000 }, () => [{}]);
    const kinds = Array.from({ length: 500 }, () => ({ type: 'biz', instances: places }));
    const actions = Array.from({ length: 500 }, () => action(kinds));
    const permission = { system_id: 'bk_job', actions } as WireValue;
    const told = decodePermission(permission, { applyUrl: null, holdsSecret });
    expect(told?.actions).toEqual([{ id: 'view_history', name: 'View History', resources: [] }]);
    expect(looks).toBe(3);
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
  ])('names no resource where %j is none', (resources) => {
    expect(denied({ system_id: 'bk_job', actions: [action(resources)] })?.actions).toEqual([
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

describe('of what is missing', () => {
  const many = (count: number) => Array.from({ length: count }, (_none, index) => ({ id: index, name: 'n' }));
  const ids = (count: number) => many(count).map(({ id }) => String(id));

  it('the first twenty actions are told, and of each the first twenty things', () => {
    const things = related(many(500).map((thing) => ['x', thing]));
    const actions = [null, ...many(500).map((action) => ({ ...action, related_resource_types: things }))];
    const told = denied({ system_id: 'bk_job', actions })?.actions ?? [];
    expect(told.map(({ id }) => id)).toEqual(ids(20));
    expect(told.map(({ resources }) => resources.map(({ id }) => id))).toEqual(told.map(() => ids(20)));
  });

  it('a long name is cut between two characters, and what has a long id is left out', () => {
    const name = (length: number) =>
      denied({ system_id: 's', actions: [{ id: 'a', name: 'x'.repeat(length) }] });
    expect(name(200)?.actions[0]?.name).toBe('x'.repeat(200));
    expect(name(200_000)?.actions[0]?.name).toBe('x'.repeat(200));
    const halved = { id: 'a', name: `${'x'.repeat(199)}\u{1f600}` };
    expect(denied({ system_id: 's', actions: [halved] })?.actions[0]?.name).toBe('x'.repeat(199));
    const whole = { id: 'a', name: `${'x'.repeat(198)}\u{1f600}` };
    expect(denied({ system_id: 's', actions: [whole] })?.actions[0]?.name).toBe(whole.name);
    const long = 'i'.repeat(201);
    expect(denied({ system_id: long })).toBeNull();
    const actions = [
      { id: long },
      { id: 'a', related_resource_types: related([[{ id: long }], [{ id: 2 }]]) },
    ];
    expect(denied({ system_id: 's', actions })?.actions).toEqual([
      { id: 'a', name: 'a', resources: [{ type: 'biz', id: '2', name: null }] },
    ]);
  });

  it('nothing holds the app secret or a part of it, and what it stood beside is told', () => {
    const leak = `got ${Buffer.from(appSecret).toString('base64')}`;
    const things = [[{ id: leak }], [{ id: 2, name: appSecret }], [{ id: 3, type: appSecret.slice(0, 12) }]];
    const actions = [{ id: appSecret }, { id: 'a', name: leak, related_resource_types: related(things) }];
    expect(denied({ system_id: 'bk_job', actions })?.actions).toEqual([
      {
        id: 'a',
        name: 'a',
        resources: [
          { type: 'biz', id: '2', name: null },
          { type: 'biz', id: '3', name: null },
        ],
      },
    ]);
    expect(denied({ system_id: encodeURIComponent(appSecret), actions: [] })).toBeNull();
  });

  it('no part of the app secret that a cut leaves is told', () => {
    for (let before = 170; before < 230; before += 1) {
      const action = { id: 'a', name: `${'-'.repeat(before)}${appSecret}` };
      const name = denied({ system_id: 's', actions: [action] })?.actions[0]?.name;
      expect(name).toBe(before < 200 ? 'a' : '-'.repeat(200));
    }
  });
});

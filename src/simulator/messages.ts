/** Languages that bk-job speaks; the gateway's default is Chinese (upstream contract 0.10). */
export type Language = 'en' | 'zh-cn';

/** Texts by number. bk-job's clients decide on numbers, so the words here are near those of bk-job, no more. */
const messages: Readonly<Record<number, Readonly<Record<Language, string>>>> = {
  1240002: { en: 'Internal Server Error', 'zh-cn': '服务内部错误' },
  1240003: { en: 'Bad Request', 'zh-cn': '请求有误' },
  1241005: { en: 'Invalid request parameter [bk_scope_type]', 'zh-cn': '请求参数[bk_scope_type]不合法' },
  1241007: {
    en: 'Missing or invalid request parameter [job_instance_id]',
    'zh-cn': '请求参数[job_instance_id]缺失或不合法',
  },
  1243049: { en: 'Business/Business Set not exist or archived', 'zh-cn': '业务/业务集不存在或已归档' },
  1244006: { en: 'Task instance does not exist', 'zh-cn': '任务实例不存在' },
  1244007: { en: 'Task step instance does not exist', 'zh-cn': '任务步骤实例不存在' },
  1247002: { en: 'Missing user info', 'zh-cn': '缺少用户信息' },
  1247004: { en: 'Missing app info', 'zh-cn': '缺少应用信息' },
};

const permissionMessages: Readonly<Record<Language, (user: string) => string>> = {
  en: (user) =>
    `User (${user}) permission not allowed, please confirm and apply permission in IAM and try again`,
  'zh-cn': (user) => `用户(${user})权限不足，请前往权限中心确认并申请补充后重试`,
};

/** What bk-job says of a failure of this number. */
export function messageOf(code: number, language: Language): string {
  return messages[code]?.[language] ?? `Error ${String(code)}`;
}

/** What bk-job says to a user whom it denies something. */
export function permissionMessage(user: string, language: Language): string {
  return permissionMessages[language](user);
}

const names = {
  en: {
    system: 'Job',
    cmdb: 'Cmdb',
    business: 'Business',
    business_set: 'Business Set',
    tenant_set: 'Tenant Set',
    access_business: 'Access Business',
    view_history: 'View History',
  },
  'zh-cn': {
    system: '作业平台',
    cmdb: '配置平台',
    business: '业务',
    business_set: '业务集',
    tenant_set: '租户集',
    access_business: '业务访问',
    view_history: '历史任务查看',
  },
} as const satisfies Readonly<Record<Language, Readonly<Record<string, string>>>>;

/** Names of the permission centre, as it prints them. */
export function permissionNames(language: Language): (typeof names)[Language] {
  return names[language];
}

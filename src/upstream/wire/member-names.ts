/** Names of all members that anything here reads, wherever they stand. */
export const memberNames = [
  // The envelope, and the failures in it.
  'result',
  'code',
  'code_name',
  'message',
  'data',
  'error',
  'details',
  'permission',
  'job_request_id',
  'request_id',
  // What a caller lacks.
  'system_id',
  'actions',
  'id',
  'type',
  'related_resource_types',
  'instances',
  // Jobs, steps and hosts.
  'job_instance',
  'job_instance_id',
  'finished',
  'step_instance_list',
  'step_instance_id',
  'step_ip_result_list',
  'execute_count',
  'name',
  'status',
  'create_time',
  'start_time',
  'end_time',
  'total_time',
  'ip',
  'bk_cloud_id',
  'bk_host_id',
  'tag',
  'exit_code',
  'error_code',
] as const;

/** The name of a member that something here reads. */
export type MemberName = (typeof memberNames)[number];

command-op_backup = a backup now
op-backup-queued = 💾 The backup is queued. I will tell you here when it is done.
op-backup-busy = ⏳ A backup is being made already. Whoever asked for it is told when it is done.
notify-backup_made = 💾 <b>The backup is done</b>
    <code>{ $file }</code>
    { $size }, { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    }, { $seconds } s
backup-copied = ✅ Copied to S3, and read back.
backup-proven = ✅ Restored for a trial: all of it is there.
backup-problem = ⚠️ { $why }
notify-backup_failed = ⚠️ <b>There is no backup</b>
    { $why }
backup-why-busy = Another one was being made at that moment. It counts as well; or ask again in a few minutes.
backup-why-timed_out = It took too long. Raise BACKUP_TIMEOUT_SECONDS.
backup-why-no_room = The disk is full. Make room in BACKUP_DIR, then send /op_backup again.
backup-why-no_place = The worker can’t write to BACKUP_DIR. Correct the directory or its rights.
backup-why-no_client = pg_dump and psql are missing on the worker, or older than the server. Its log says which are wanted.
backup-why-database = The database did not answer, or refused. The worker’s log says more.
backup-why-damaged = What was read back is not what was written. Check the disk and S3, then send /op_backup again.
backup-why-unknown = This release can’t restore it. The worker’s log says more.
backup-why-differs = Restored for a trial, it is not what was backed up. Keep the older backups, and look at the worker’s log.
backup-why-in_use = The database is in use. The worker’s log says by whom.
backup-why-failed = Something went wrong that was not foreseen. The worker’s log says more.

PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'start','2026-11-26 02:56:21',1,X'855f5a5e58832f2009c7a94f7fbadd3df05c2186cdc625c3f56b26082249c90a721ca9ed0a86d78478ee4830d8d7d350',1567729);
INSERT INTO _sqlx_migrations VALUES(2,'why','2026-11-26 02:56:21',1,X'd83d7c0e45ef0bfdd0b19fae51efc061337c42ed490cb461e31427692e54b1da9ee4d3c688fdd3ae554ede79ed87eb25',840855);
INSERT INTO _sqlx_migrations VALUES(3,'urgency','2026-11-26 02:56:21',1,X'56ef5ac9cb11124279880665c160b8b92dfc70a78659fdc83cd44b69c36fe28ffe1ac69f8edb1cab0ddd79374ec1f645',528008);
INSERT INTO _sqlx_migrations VALUES(4,'remedy','2026-11-26 02:56:21',1,X'f5ad21c5cf5a4f961d75c351b2c005f9a33a9bd11100c71e56912c2aa92f6067bba842a4127fdf628b6bc4073f8205e3',618483);
INSERT INTO _sqlx_migrations VALUES(5,'seen_tasks','2026-11-26 02:56:21',1,X'2501652b85f5cb6faacc7257a9569a49b9074c1219f0026fa3421ce35c7e581580a9bbebe247bd07d4c2612eae3985c2',595639);
INSERT INTO _sqlx_migrations VALUES(6,'answers','2026-11-26 02:56:21',1,X'9bd3399f5ffe911bfe901a243cc4ce54bcbf9f2bb360674c748d5608f09278fdfec3677c51ce25c8bbdd8e6663319643',749628);
INSERT INTO _sqlx_migrations VALUES(7,'links','2026-11-26 02:56:21',1,X'b4a77168bb9d5827105d161f75416fa679ceb307e33cbe550e3ae7fd9a94871ba36587ad4f7345088ae8f94760cf5c43',642919);
INSERT INTO _sqlx_migrations VALUES(8,'inbox','2026-11-26 02:56:21',1,X'c91211c2d2a4052114086dfc38f7f258fa7a13ad56bab79de4d2e6558aad9868213afd22bb48ad04fd5fa86e7795043b',735768);
INSERT INTO _sqlx_migrations VALUES(9,'open_messages','2026-11-26 02:56:21',1,X'afb0d185f2053f0c1d5a6811cac6696945d3f351ca053a0cb5d0b54877359848b55d3262c93da45022b8d49520b5cfce',692964);
CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);
INSERT INTO organisation VALUES('Trường Tiểu học',1700697600000);
CREATE TABLE plan_version (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    version BIGINT NOT NULL,
    hash TEXT NOT NULL,
    seen_at BIGINT NOT NULL, tasks TEXT,
    PRIMARY KEY (organisation, plan, version)
);
INSERT INTO plan_version VALUES('Trường Tiểu học','1/KH',1,'6b79aa14238e0cb2046857ec2ba5d060',1700697600000,'[{"id":"1.1","remedy":"Việc 1.1","lead":["Phó Hiệu trưởng"],"with":[],"due":"2023-11-30"},{"id":"1.2","remedy":"Việc 1.2","lead":["Tổ trưởng"],"with":[],"start":"2023-12-01","due":"2023-12-31"}]');
CREATE TABLE plan_task (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    revision BIGINT NOT NULL,
    start_on TEXT,
    due_on TEXT,
    wording TEXT NOT NULL,
    removed BIGINT NOT NULL,
    decided BIGINT NOT NULL, remedy TEXT,
    PRIMARY KEY (organisation, plan, task)
);
INSERT INTO plan_task VALUES('Trường Tiểu học','1/KH','1.1',0,NULL,'2023-11-30','72211c726da4d1e4',0,1,'69b0114596bb832f');
INSERT INTO plan_task VALUES('Trường Tiểu học','1/KH','1.2',0,'2023-12-01','2023-12-31','c4846577d9c71b47',0,1,'3e0b54b0b40f42f5');
CREATE TABLE plan_change (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    version BIGINT NOT NULL,
    task TEXT NOT NULL,
    at BIGINT NOT NULL,
    change TEXT NOT NULL,
    old_start TEXT,
    old_due TEXT,
    new_start TEXT,
    new_due TEXT,
    PRIMARY KEY (organisation, plan, version, task)
);
CREATE TABLE notice (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    day TEXT NOT NULL,
    on_date TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT,
    position BIGINT NOT NULL,
    decided_at BIGINT NOT NULL, why TEXT, ended_at BIGINT,
    PRIMARY KEY (organisation, plan, subject, kind, recipient, day)
);
INSERT INTO notice VALUES('Trường Tiểu học','1/KH','1.1','before:7d','Phó Hiệu trưởng','2023-11-23','2023-11-23','sent','c1e289cc34113070411f97f12ebf2cfc',0,1700697600000,NULL,NULL);
INSERT INTO notice VALUES('Trường Tiểu học','1/KH','1.1','self_check:2023-11','Phó Hiệu trưởng','2023-11-27','2023-11-27','sent','05c33cebd00b4e4ac14b8a07955d4042',0,1701043200000,NULL,NULL);
INSERT INTO notice VALUES('Trường Tiểu học','1/KH','1.1','before:1d','Phó Hiệu trưởng','2023-11-29','2023-11-29','sent','7ec874bfea3be8f951198716b8213b36',0,1701216000000,NULL,NULL);
INSERT INTO notice VALUES('Trường Tiểu học','1/KH','2023-11','review:2023-11','Thanh tra','2023-11-30','2023-11-30','sent','6b99dfbd6ce0ccd873776b228f64227c',0,1701306000000,NULL,NULL);
INSERT INTO notice VALUES('Trường Tiểu học','1/KH','1.1','overdue:1d','Phó Hiệu trưởng','2023-12-01','2023-12-01','sent','bc83032d7c1eb5dc9493e3dbd903244e',0,1701388800000,NULL,NULL);
INSERT INTO notice VALUES('Trường Tiểu học','1/KH','1.2','start','Tổ trưởng','2023-12-01','2023-12-01','sent','e41f39511cab907cc720fe7f7bb4b118',0,1701388800000,NULL,NULL);
CREATE TABLE message (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    plan TEXT NOT NULL,
    class TEXT NOT NULL,
    recipient TEXT NOT NULL,
    alert TEXT,
    urgency BIGINT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    lease_until BIGINT,
    tries BIGINT NOT NULL,
    channel_index BIGINT NOT NULL,
    reason TEXT,
    PRIMARY KEY (organisation, id)
);
INSERT INTO message VALUES('Trường Tiểu học','c1e289cc34113070411f97f12ebf2cfc','1/KH','reminder','Phó Hiệu trưởng',NULL,2,0,'sent',1700697600000,1700697600000,NULL,0,0,'250 ok');
INSERT INTO message VALUES('Trường Tiểu học','05c33cebd00b4e4ac14b8a07955d4042','1/KH','reminder','Phó Hiệu trưởng',NULL,4,0,'sent',1701043200000,1701043200000,NULL,0,0,'250 ok');
INSERT INTO message VALUES('Trường Tiểu học','7ec874bfea3be8f951198716b8213b36','1/KH','reminder','Phó Hiệu trưởng',NULL,2,0,'sent',1701216000000,1701216000000,NULL,0,0,'250 ok');
INSERT INTO message VALUES('Trường Tiểu học','6b99dfbd6ce0ccd873776b228f64227c','1/KH','review','Thanh tra',NULL,5,0,'sent',1701306000000,1701306000000,NULL,0,0,'250 ok');
INSERT INTO message VALUES('Trường Tiểu học','bc83032d7c1eb5dc9493e3dbd903244e','1/KH','reminder','Phó Hiệu trưởng',NULL,1,0,'sent',1701388800000,1701388800000,NULL,0,0,'250 ok');
INSERT INTO message VALUES('Trường Tiểu học','e41f39511cab907cc720fe7f7bb4b118','1/KH','reminder','Tổ trưởng',NULL,3,1,'sent',1701388800000,1701388800000,NULL,0,0,'250 ok');
CREATE TABLE delivery (
    organisation TEXT NOT NULL,
    message TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT,
    outcome TEXT NOT NULL,
    answer TEXT NOT NULL,
    subject TEXT,
    payload BLOB,
    PRIMARY KEY (organisation, message, attempt)
);
INSERT INTO delivery VALUES('Trường Tiểu học','c1e289cc34113070411f97f12ebf2cfc',1,1700697600000,'email','pho@school.example','sent','250 ok','[Nhắc việc] Tiêu chí 1.1 – hạn 30/11/2023 (còn 7 ngày)',NULL);
INSERT INTO delivery VALUES('Trường Tiểu học','05c33cebd00b4e4ac14b8a07955d4042',1,1701043200000,'email','pho@school.example','sent','250 ok','[Tự kiểm tra] Tiêu chí 1.1 – xin báo tiến độ trước kỳ sơ kết tháng 11/2023',NULL);
INSERT INTO delivery VALUES('Trường Tiểu học','7ec874bfea3be8f951198716b8213b36',1,1701216000000,'email','pho@school.example','sent','250 ok','[Nhắc việc] Tiêu chí 1.1 – hạn 30/11/2023 (còn 1 ngày)',NULL);
INSERT INTO delivery VALUES('Trường Tiểu học','6b99dfbd6ce0ccd873776b228f64227c',1,1701306000000,'email','thanh-tra@school.example','sent','250 ok','[Sơ kết tháng 11/2023] 0/2 nhiệm vụ hoàn thành',NULL);
INSERT INTO delivery VALUES('Trường Tiểu học','bc83032d7c1eb5dc9493e3dbd903244e',1,1701388800000,'email','pho@school.example','sent','250 ok','[Quá hạn 1 ngày] Tiêu chí 1.1 – hạn 30/11/2023',NULL);
INSERT INTO delivery VALUES('Trường Tiểu học','e41f39511cab907cc720fe7f7bb4b118',1,1701388800000,'email','to-truong@school.example','sent','250 ok','[Nhắc việc] Tiêu chí 1.2 – bắt đầu, hạn 31/12/2023',NULL);
CREATE TABLE progress (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    percent BIGINT,
    note TEXT,
    evidence TEXT NOT NULL,
    reporter TEXT,
    how TEXT NOT NULL,
    PRIMARY KEY (organisation, plan, task, number)
);
INSERT INTO progress VALUES('Trường Tiểu học','1/KH','1.2',1,1700794800000,'in_progress',NULL,NULL,'[]',NULL,'test');
CREATE TABLE mark (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (organisation, plan, name)
);
INSERT INTO mark VALUES('Trường Tiểu học','1/KH','reminded_through','2023-12-01');
CREATE TABLE evidence (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    code TEXT NOT NULL,
    shelf TEXT NOT NULL,
    number BIGINT NOT NULL,
    task TEXT NOT NULL,
    at BIGINT NOT NULL,
    reporter TEXT,
    how TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT,
    media_type TEXT,
    size BIGINT,
    PRIMARY KEY (organisation, plan, code)
);
CREATE TABLE time_request (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    reporter TEXT,
    how TEXT NOT NULL,
    old_due TEXT,
    due TEXT NOT NULL,
    why TEXT NOT NULL,
    outcome TEXT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    ended_note TEXT,
    PRIMARY KEY (organisation, plan, task, number)
);
CREATE TABLE link_revocation (
    organisation TEXT NOT NULL,
    person TEXT NOT NULL,
    issued_before BIGINT NOT NULL,
    PRIMARY KEY (organisation, person)
);
CREATE TABLE form (
    organisation TEXT NOT NULL,
    name TEXT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (organisation, name)
);
CREATE TABLE mail (
    organisation TEXT NOT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    message TEXT,
    asked BIGINT NOT NULL,
    PRIMARY KEY (organisation, key)
);
CREATE TABLE failing_address (
    organisation TEXT NOT NULL,
    address TEXT NOT NULL,
    recipient TEXT NOT NULL,
    since BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (organisation, address)
);
CREATE INDEX notice_by_date ON notice (organisation, plan, on_date);
CREATE INDEX notice_by_message ON notice (organisation, message);
CREATE INDEX delivery_by_time ON delivery (organisation, at);
CREATE INDEX evidence_by_task ON evidence (organisation, plan, task);
CREATE INDEX evidence_by_shelf ON evidence (organisation, plan, shelf, number);
CREATE INDEX mail_by_message ON mail (organisation, message);
CREATE INDEX message_queued ON message (organisation, urgency, created_at, number, not_before) WHERE state = 'queued';
CREATE INDEX message_sending ON message (organisation, lease_until) WHERE state = 'sending';
CREATE INDEX message_dead ON message (organisation, not_before) WHERE state = 'dead';
COMMIT;

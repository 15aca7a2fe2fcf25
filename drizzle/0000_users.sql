CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text,
	`username` text,
	`name` text,
	`roles` text DEFAULT '["user"]' NOT NULL,
	`password_hash` text,
	`email_verified` integer DEFAULT false NOT NULL,
	`disabled` integer DEFAULT false NOT NULL,
	`epoch` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 0 NOT NULL,
	`created_at` integer DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER)) NOT NULL,
	CONSTRAINT "users_id_length" CHECK(length("users"."id") BETWEEN 1 AND 128),
	CONSTRAINT "users_roles_array" CHECK(json_valid("users"."roles") AND json_type("users"."roles") = 'array'),
	CONSTRAINT "users_have_a_name" CHECK("users"."email" IS NOT NULL OR "users"."username" IS NOT NULL),
	CONSTRAINT "users_email_lower_case" CHECK("users"."email" = lower("users"."email")),
	CONSTRAINT "users_username_lower_case" CHECK("users"."username" = lower("users"."username"))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_username_unique` ON `users` (`username`);
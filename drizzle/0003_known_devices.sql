CREATE TABLE `known_devices` (
	`user_id` text NOT NULL,
	`id` text NOT NULL,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `known_devices_used` ON `known_devices` (`last_used_at`);
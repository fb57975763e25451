# ************************************************************
# Sam Seller dump of data
# Export date: 2023-06-01 10:00:00
# How to use:
# * create a fresh database
# * run migrations (`php artisan migrate`)
# * import this sql file
# ************************************************************

SET FOREIGN_KEY_CHECKS=0;

INSERT IGNORE INTO `accounts` (`id`,`api_key`,`number_of_invitations_sent`) VALUES
 (1,'key',10);

INSERT IGNORE INTO `activities` (`id`,`account_id`,`activity_type_id`,`summary`,`description`,`happened_at`,`created_at`,`updated_at`) VALUES
 (7,1,3,'Tasting at the quay','Both liked the soup.','2023-05-01','2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `contacts` (`id`,`account_id`,`first_name`,`middle_name`,`last_name`,`nickname`,`description`,`uuid`,`is_partial`,`first_met_special_date_id`,`birthday_special_date_id`,`job`,`company`,`created_at`,`updated_at`) VALUES
 (10,1,'Ann',NULL,'Berg','Annie','Likes tea','00000001-0000-4000-8000-000000000000',0,5,4,'Head chef','Harbour Hotels','2023-01-01 09:00:00','2023-01-01 09:00:00'),
 (11,1,'Ben',NULL,'O\'Kafor',NULL,NULL,'00000002-0000-4000-8000-000000000000',0,NULL,NULL,NULL,NULL,'2023-01-01 09:00:00','2023-01-01 09:00:00'),
 (12,1,'Ida',NULL,NULL,NULL,NULL,'00000003-0000-4000-8000-000000000000',1,NULL,NULL,NULL,NULL,'2023-01-01 09:00:00','2023-01-01 09:00:00'),
 (13,1,'Sam',NULL,'Seller',NULL,NULL,'00000004-0000-4000-8000-000000000000',0,NULL,NULL,NULL,NULL,'2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `activity_contact` (`activity_id`,`account_id`,`contact_id`) VALUES
 (7,1,10),
 (7,1,11);

INSERT IGNORE INTO `activity_types` (`id`,`account_id`,`activity_type_category_id`,`name`,`translation_key`) VALUES
 (3,1,1,NULL,'ate_at_restaurant');

INSERT IGNORE INTO `calls` (`id`,`account_id`,`contact_id`,`called_at`,`content`,`contact_called`,`created_at`,`updated_at`) VALUES
 (1,1,10,'2023-03-01 00:00:00','Asked for the \"menu\"
and the wine, (red);',1,'2023-01-01 09:00:00','2023-01-01 09:00:00'),
 (2,1,10,'2023-03-02 14:30:00','It\'s sent \\ done',0,'2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `contact_field_types` (`id`,`account_id`,`name`,`protocol`,`type`) VALUES
 (1,1,'Email','mailto:','email'),
 (2,1,'Phone','tel:','phone'),
 (3,1,'Twitter',NULL,NULL);

INSERT IGNORE INTO `contact_fields` (`id`,`account_id`,`contact_id`,`contact_field_type_id`,`data`,`created_at`,`updated_at`) VALUES
 (1,1,10,1,'ann@harbour.example','2023-01-01 09:00:00','2023-01-01 09:00:00'),
 (2,1,10,2,4722000001,'2023-01-01 09:00:00','2023-01-01 09:00:00'),
 (3,1,10,3,'annberg','2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `conversations` (`id`,`account_id`,`contact_id`,`contact_field_type_id`,`created_at`,`updated_at`) VALUES
 (1,1,10,2,'2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `life_events` (`id`,`account_id`,`contact_id`,`life_event_type_id`,`reminder_id`,`name`,`note`,`happened_at`,`happened_at_month_unknown`,`happened_at_day_unknown`,`created_at`,`updated_at`) VALUES
 (1,1,10,1,NULL,'New kitchen','opened','2022-09-15',0,1,'2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `life_event_types` (`id`,`account_id`,`name`,`default_life_event_type_key`) VALUES
 (1,1,NULL,'new_job');

INSERT IGNORE INTO `messages` (`id`,`account_id`,`contact_id`,`conversation_id`,`content`,`written_at`,`written_by_me`,`created_at`,`updated_at`) VALUES
 (1,1,10,1,'Is it ready?','2023-04-01 00:00:00',0,'2023-01-01 09:00:00','2023-01-01 09:00:00'),
 (2,1,10,1,'Tomorrow','2023-04-01 00:00:00',1,'2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `notes` (`id`,`account_id`,`contact_id`,`body`,`is_favorited`,`favorited_at`,`created_at`,`updated_at`) VALUES
 (1,1,10,'Allergic to nuts.

 (1,1,\'not a row\'),
Ask *twice*.',0,NULL,'2023-02-01 10:00:00','2023-01-01 09:00:00'),
 (2,1,99,'of nobody',0,NULL,'2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `special_dates` (`id`,`account_id`,`contact_id`,`uuid`,`is_age_based`,`is_year_unknown`,`date`,`created_at`,`updated_at`) VALUES
 (4,1,10,'00000071-0000-4000-8000-000000000000',0,1,'1980-05-05','2023-01-01 09:00:00','2023-01-01 09:00:00'),
 (5,1,10,'00000072-0000-4000-8000-000000000000',0,0,'2019-06-01','2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `tasks` (`id`,`account_id`,`contact_id`,`uuid`,`title`,`description`,`completed`,`completed_at`,`created_at`,`updated_at`) VALUES
 (1,1,10,'00000051-0000-4000-8000-000000000000','Send prices','with VAT',1,'2023-02-03 10:00:00','2023-01-01 09:00:00','2023-01-01 09:00:00');

INSERT IGNORE INTO `users` (`id`,`first_name`,`last_name`,`email`,`me_contact_id`,`password`) VALUES
 (1,'Sam','Seller','sam@seller.example',13,'$2y$10$x');

SET FOREIGN_KEY_CHECKS=1;

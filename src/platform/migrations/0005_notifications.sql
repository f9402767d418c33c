-- Reminders and mail. (This file belongs to the notifications.)

select 1;

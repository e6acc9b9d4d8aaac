-- Where staff reach this application. Links in mails that a stranger asks for lead there, whatever host the stranger asked.
ALTER TABLE business ADD COLUMN origin TEXT;

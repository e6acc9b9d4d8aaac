-- People are found by their names without the marks: "goteborg" finds Göteborg. The index folds them, its text stays as it was.
CREATE VIRTUAL TABLE customer_search_folded USING fts5 (text, tokenize = 'trigram remove_diacritics 1');
INSERT INTO customer_search_folded (rowid, text) SELECT rowid, text FROM customer_search;
DROP TABLE customer_search;
ALTER TABLE customer_search_folded RENAME TO customer_search;
-- What is taken out of the search index leaves no trace in it.
INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);

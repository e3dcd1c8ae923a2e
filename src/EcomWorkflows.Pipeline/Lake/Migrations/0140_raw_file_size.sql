-- A file of another size than all that are known is new: it need not be read before it is copied.
create index raw_file_by_size on lake.raw_file (source, entity, bytes);
